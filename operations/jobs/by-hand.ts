import { randomBytes } from 'node:crypto';
import type { Shell } from '../../contract/shell';
import type { Service } from '../docker/answers';
import { DockerClient } from '../docker/client';
import { ConnectionError, isRefusal } from '../docker/explain';
import { isRunning, isWanted } from '../docker/snapshot';
import type { Target } from '../docker/target';
import type { RegistryLogin } from '../images/credentials';
import { environmentsHere } from '../inputs/redactor-here';
import { readSalts, saltFile } from '../inputs/salts';
import { redactorWith } from '../redact/environment';
import { harmless } from '../terminal/untrusted';
import { UsageError } from '../terminal/usage-error';
import type { JobEnd } from './judge';
import { loginOf } from './login';
import { runJob } from './run';
import { isScheduled, longestOf, onceNow } from './scheduled';
import { type Job, leftOut, taskWith } from './spec';
import { endInWords, incompleteInWords } from './text';
import { unknownVariables } from './unknown';

export interface RunOptions {
  readonly target: Target;
  readonly stack: string;
  /** As in the catalogue. */
  readonly service: string;
  /** Empty for a job's own. */
  readonly command: readonly string[];
  /** @default an hour, or what the job's own time-out and retries come to */
  readonly timeoutSeconds?: number | undefined;
  /** Of the catalogue. */
  readonly registries: readonly RegistryLogin[];
}

/** As `timeout` and `docker run` have them; any other is the command's own. */
export const EXIT_TIMED_OUT = 124;
export const EXIT_NOT_RUN = 125;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
const tell = (line: string) => process.stderr.write(`proctor: ${line.replaceAll('\n', '\n  ')}\n`);

/**
 * Runs a command once, with all that a service's tasks have, attached: its output is ours, and so are its status and the
 * signals that we get. Resolves to the exit code.
 *
 * @throws {UsageError} where there is no such service
 */
export async function runByHand(options: RunOptions, env: Shell): Promise<number> {
  const docker = new DockerClient({ ...options.target, answerSeconds: 20 });
  const { derived = [] } = options.target;
  const environments = environmentsHere(env);
  const redactor = redactorWith(derived, ...environments);
  const signals: NodeJS.Signals[] = [];
  const take = (signal: NodeJS.Signals) => {
    signals.push(signal);
  };
  for (const signal of SIGNALS) process.on(signal, take);
  tell(`${options.stack}_${options.service} at ${options.target.host}`);
  try {
    const found = await find(docker, options);
    const job = await jobOf(docker, found, options);
    const known = { environments, derived, salts: saltsIn(env) };
    const unknown = unknownVariables(job.template, options.stack, known);
    if (unknown.length > 0) tell(unhidden(unknown));
    const end = await runJob(job, {
      docker,
      redactor,
      signals,
      login: await loginOf(job.template.ContainerSpec?.Image ?? '', options.registries, env),
      say: tell,
      output: {
        stdout: (text) => process.stdout.write(text),
        stderr: (text) => process.stderr.write(text),
      },
    });
    if (end.outcome !== 'completed') tell(endInWords(end, job.timeoutSeconds));
    if (end.unheard !== undefined) tell(incompleteInWords(end.unheard));
    return exitCodeOf(end);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (!(error instanceof ConnectionError) && !isRefusal(error)) throw error;
    tell(harmless(error.message));
    return EXIT_NOT_RUN;
  } finally {
    for (const signal of SIGNALS) process.off(signal, take);
    docker.close();
  }
}

/** What is wrong with the file a deploy tells; it keeps nobody from a run. */
function saltsIn(env: Shell): string[] {
  try {
    return Object.values(readSalts(saltFile(env)));
  } catch {
    return [];
  }
}

const unhidden = (variables: readonly string[]): string =>
  `warning: what was deployed of ${variables.join(', ')} is not known here, so what the command prints of it is hidden in URLs alone\nexport it, or put it into the environment's .env file`;

async function find(docker: DockerClient, { stack, service }: RunOptions): Promise<Service> {
  const label = [`com.docker.stack.namespace=${stack}`];
  const all = await docker.services({ label });
  const found = all.find(({ Spec }) => Spec.Name === `${stack}_${service}`);
  if (found) return found;
  const names = all.map(({ Spec }) => Spec.Name?.slice(stack.length + 1)).sort();
  throw new UsageError(
    `there is no service ${service} on the server\n${names.length > 0 ? `name one of: ${names.join(', ')}` : `the stack ${stack} is not there: deploy it first`}`,
  );
}

const HOUR = 3600;

/** @throws {UsageError} where it is not said what is to run */
async function jobOf(
  docker: DockerClient,
  { ID, Spec }: Service,
  { stack, service, command, timeoutSeconds }: RunOptions,
): Promise<Job> {
  // Several people may run something at the same time.
  const known = {
    kind: 'run',
    suffix: `run-${randomBytes(3).toString('hex')}`,
    of: `${stack}_${service}`,
    namespace: stack,
  };
  if (command.length > 0) {
    const own = leftOut(Spec);
    if (own.length > 0) tell(`without ${own.join(', ')}, which one task alone may write`);
    return { ...known, template: taskWith(command, Spec), timeoutSeconds: timeoutSeconds ?? HOUR };
  }
  if (!isScheduled(Spec)) {
    throw new UsageError(
      `${service} is no job with a command of its own\nwrite the command behind --, as: run ${service} -- env`,
    );
  }
  const waiting = (await docker.tasks({ service: [ID] })).find((task) => isWanted(task) && isRunning(task));
  return {
    ...known,
    template: onceNow(Spec, waiting?.NodeID),
    timeoutSeconds: timeoutSeconds ?? longestOf(Spec),
  };
}

/** 128 and the signal's number, as a shell has it, where the program left no status; no 0 where output of it is missing. */
export function exitCodeOf({ outcome, exitCode, unheard }: JobEnd): number {
  if (outcome === 'timedOut') return EXIT_TIMED_OUT;
  if (outcome === 'completed' && unheard !== undefined) return EXIT_NOT_RUN;
  if (exitCode !== undefined) return exitCode;
  return outcome === 'stopped' ? 143 : EXIT_NOT_RUN;
}
