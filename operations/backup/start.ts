import { setTimeout as sleep } from 'node:timers/promises';
import { type BackupReport, SCRATCH_SOCKET, SERVING, STARTED } from '../../contract/backup';
import type { BackupSettings } from '../../contract/backup-settings';
import type { Service, Task } from '../docker/answers';
import type { Docker } from '../docker/client';
import { isRunning } from '../docker/snapshot';
import type { JobEnd } from '../jobs/judge';
import { runJob } from '../jobs/run';
import { type Job, jobName } from '../jobs/spec';
import { endInWords } from '../jobs/text';
import { literal } from '../provision/auth';
import { Server } from '../provision/server';
import { findContainer } from '../provision/task';
import type { Redactor } from '../redact/redactor';
import { UsageError } from '../terminal/usage-error';
import { asksUrl, loginsOf, questionsOf, type Restored, taskOn } from './on-restored';
import { runBackup } from './run';

export interface StartDrill {
  readonly docker: Docker;
  readonly redactor: Redactor;
  readonly settings: BackupSettings;
  readonly signals?: NodeJS.Signals[];
  readonly say: (line: string) => void;
  readonly namespace: string;
  /** Applications to start, as in the catalogue. */
  readonly start: readonly string[];
  /** What each is asked beside its health. @default empty: what the catalogue's probe asks of it */
  readonly paths: readonly string[];
  /** @default the real one */
  readonly clock?: { now(): number; sleep(milliseconds: number): Promise<unknown> };
}

/** Each may take so long until it is well. */
const WELL_SECONDS = 240;
const SLACK_SECONDS = 60;
const POLL_MS = 1000;
const CLOCK = { now: () => performance.now(), sleep };

/**
 * A drill that starts applications on what was restored, one after the other, and asks their health and some paths. How
 * that went is a part of the drill's own result.
 *
 * @throws UsageError before anything runs, for what cannot be started so
 */
export async function drillWithApplications(drill: StartDrill): Promise<BackupReport> {
  const { settings, start } = drill;
  const [backend] = Object.entries(settings.covers).find(([, { databases }]) => databases) ?? [];
  if (backend === undefined) throw new UsageError('no database is in the backups\nleave --start out');
  const applications = await applicationsOf(drill, backend);
  const over = new AbortController();
  let asked: Promise<void> | undefined;
  const begin = () =>
    answer(drill, backend, applications, over.signal).catch((error: Error) => drill.say(error.message));
  return runBackup({
    ...drill,
    service: settings.service,
    command: 'drill',
    options: ['--serve', String(start.length * WELL_SECONDS + SLACK_SECONDS)],
    // Off the platform's networks, where the applications are then, too; it asks MariaDB nothing.
    change: ({ ContainerSpec, ...template }) => ({
      ...template,
      ContainerSpec: {
        ...ContainerSpec!,
        Args: (ContainerSpec!.Args ?? []).filter((text) => !text.startsWith('--wait-for=')),
      },
      Networks: [],
    }),
    say: (line) => {
      drill.say(line);
      if (line.includes(SERVING)) asked ??= begin();
    },
  }).finally(() => {
    over.abort();
    return asked;
  });
}

interface Application {
  readonly id: string;
  readonly service: Service;
  /** Commands for its own container. */
  readonly questions: readonly (readonly string[])[];
  readonly logins: readonly string[];
}

async function applicationsOf(
  { docker, namespace, start, paths, settings }: StartDrill,
  backend: string,
): Promise<Application[]> {
  const all = await docker.services({ label: [`com.docker.stack.namespace=${namespace}`] });
  return start.map((id) => {
    const service = all.find(({ Spec }) => Spec.Name === `${namespace}_${id}`);
    if (!service) {
      throw new UsageError(`there is no service ${id} on the server\n./proctor status names those that are`);
    }
    const logins = loginsOf(service.Spec, backend);
    if (logins.length === 0) {
      throw new UsageError(`${id} does not use ${backend}\nname an application that does`);
    }
    const asked = paths.length > 0 || !asksUrl(service.Spec) ? paths : (settings.asks?.[id] ?? []);
    return { id, service, logins, questions: questionsOf(id, service.Spec, asked) };
  });
}

/** Starts and asks them, and tells the drill, which waits for it. */
async function answer(
  drill: StartDrill,
  backend: string,
  applications: readonly Application[],
  over: AbortSignal,
): Promise<void> {
  const { docker, settings, say } = drill;
  const [job] = await jobsNamed(docker, jobName({ of: settings.service, suffix: 'drill-job' }));
  const task = job && (await runningTask(docker, job.ID));
  const containerId = task?.Status.ContainerStatus?.ContainerID;
  if (!task || !containerId) throw new Error('the drill is not there any more: start it again');
  let words: string;
  try {
    const address = await addressOf(docker, containerId);
    await copyAccounts(drill, backend, applications, containerId);
    for (const one of applications) {
      say(`starting ${one.id} on the restored databases`);
      const wrong = await ask(drill, one, { backend, address, node: task.NodeID! }, over);
      if (wrong !== undefined) throw new Error(`${one.id} ${wrong}`);
      say(`${one.id} is well on them`);
    }
    words = `ok ${applications.map(({ id }) => id).join(' ')}`;
  } catch (error) {
    words = drill.redactor.show((error as Error).message.split('\n')[0]!);
  }
  // Whole, since it is moved there.
  const write = `printf '%s\\n' "$1" >'${STARTED}.new' && mv '${STARTED}.new' '${STARTED}'`;
  await docker.exec({ containerId, command: ['sh', '-c', write, 'sh', words], user: 'root' });
}

/** The accounts of the applications, with the passwords that they have, and nobody else's. */
async function copyAccounts(
  { docker, namespace }: StartDrill,
  backend: string,
  applications: readonly Application[],
  restored: string,
): Promise<void> {
  const live = await findContainer(docker, `${namespace}_${backend}`, { until: Date.now() + 60_000 });
  const at = (containerId: string) => (command: readonly string[], stdin: string) =>
    docker.exec({ containerId, command, stdin, user: 'root' });
  const from = new Server(at(live));
  const grants: string[] = [];
  for (const user of new Set(applications.flatMap(({ logins }) => logins))) {
    const rows = await from.query(`SHOW GRANTS FOR ${literal(user)}@'%';\n`);
    grants.push(...rows.map(([statement = '']) => `${statement};\n`));
  }
  // The client is told where the socket is: all else is as for the server in use.
  const to = new Server((command, stdin) =>
    at(restored)(
      command.map((word) => (word === '--protocol=socket' ? `--socket=${SCRATCH_SOCKET}` : word)),
      stdin,
    ),
  );
  await to.run(grants.join(''));
}

/** @returns what is wrong; undefined where it is well */
async function ask(
  drill: StartDrill,
  { service, questions }: Application,
  restored: Restored,
  over: AbortSignal,
): Promise<string | undefined> {
  const { docker, redactor, namespace, clock = CLOCK } = drill;
  const job: Job = {
    kind: 'backup drill',
    suffix: 'drilled',
    of: service.Spec.Name!,
    namespace,
    template: taskOn(service.Spec, restored),
    timeoutSeconds: WELL_SECONDS + SLACK_SECONDS,
  };
  const signals: NodeJS.Signals[] = [];
  let end: JobEnd | Error | undefined;
  const run = runJob(job, { docker, redactor, signals, say: drill.say, clock }).then(
    (ended) => {
      end = ended;
    },
    (error: Error) => {
      end = error;
    },
  );
  const until = clock.now() + WELL_SECONDS * 1000;
  let open = questions;
  let wrong = 'did not start';
  while (end === undefined && open.length > 0 && clock.now() < until && !over.aborted) {
    const [found] = await jobsNamed(docker, jobName(job));
    const task = found && (await runningTask(docker, found.ID));
    const containerId = task?.Status.ContainerStatus?.ContainerID;
    if (containerId) {
      const [command = []] = open;
      const answered = await docker
        .exec({ containerId, command, timeoutSeconds: 30 })
        .catch((error: Error) => ({ exitCode: 1, stdout: '', stderr: error.message }));
      if (answered.exitCode === 0) {
        open = open.slice(1);
        continue;
      }
      const said = (answered.stderr.trim() || answered.stdout.trim()).split('\n').at(-1);
      wrong = `does not answer ${command.at(-1)}${said ? `: ${said}` : ''}`;
    }
    await clock.sleep(POLL_MS);
  }
  // Whatever it answered, one that has ended by itself is not well.
  const early = end;
  // The second has Swarm stop it, where it does not obey.
  signals.push('SIGTERM');
  for (let waited = 0; end === undefined; waited++) {
    if (waited === STUBBORN) signals.push('SIGTERM');
    await Promise.race([run, clock.sleep(POLL_MS)]);
  }
  if (early instanceof Error) return `cannot be started: ${early.message}`;
  if (early) {
    const last = (early.log ?? []).at(-1);
    return `${endInWords(early, job.timeoutSeconds)}${last ? `: ${last}` : ''}`;
  }
  return open.length > 0 ? wrong : undefined;
}

/** Seconds that it has to stop in. */
const STUBBORN = 30;

const jobsNamed = async (docker: Docker, name: string): Promise<Service[]> =>
  (await docker.jobs()).filter(({ Spec }) => Spec.Name === name);

const runningTask = async (docker: Docker, service: string): Promise<Task | undefined> =>
  (await docker.tasks({ service: [service] })).find(isRunning);

/** On the bridge of its node, which a task without networks is on. */
async function addressOf(docker: Docker, containerId: string): Promise<string> {
  const { NetworkSettings } = await docker.container(containerId);
  const address = Object.values(NetworkSettings?.Networks ?? {})
    .map(({ IPAddress }) => IPAddress)
    .find((one) => one);
  if (!address) throw new Error('the throw-away server has no address on its node');
  return address;
}
