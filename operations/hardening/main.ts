import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT_CODES } from '../../contract/outcome';
import type { ServiceSpec, Task } from '../docker/answers';
import type { Docker } from '../docker/client';
import { ConnectionError } from '../docker/explain';
import { hasEnded, isRunning } from '../docker/snapshot';
import { SwarmClient } from '../docker/swarm-client';
import { redactorHere } from '../inputs/redactor-here';
import { harmless } from '../terminal/untrusted';
import { complaintsOf } from './complaints';
import type { Hardening, HardeningOptions } from './options';
import { LABEL, refusalOf, trialName, trialOf, UNTIL_LABEL } from './trial';

const say = (text: string) => process.stdout.write(`${text}\n`);
/** How long it must stay healthy: programs write their first log or cache somewhat after they answer. */
const OBSERVE_SECONDS = 10;
const BY_HAND =
  'MariaDB, Kafka, nginx and the edge are hardened already; for one of your own, deploy the words to staging first';
/** For the pull and the scheduler, beside what its health check takes. */
const START_SECONDS = 60;
/** What comes before and after the task. */
const SLACK_SECONDS = 120;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** How time passes, in milliseconds. */
export interface Clock {
  readonly now: () => number;
  /** Returns earlier where `signal` says so. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

const CLOCK: Clock = {
  now: Date.now,
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => {}),
};

/**
 * Runs the service's image once, beside the tasks that serve, with no capability and a root that cannot be written, and
 * says what fails. Resolves to the exit code: 0 it bears that.
 */
export async function runHardening(options: HardeningOptions): Promise<number> {
  const { target } = options;
  const swarm = new SwarmClient({ ...target, redactor: redactorHere(process.env, target.derived) });
  const stop = new AbortController();
  const interrupted = () => stop.abort();
  for (const name of SIGNALS) process.on(name, interrupted);
  try {
    return await tryHardening(swarm, options, stop.signal);
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    process.stderr.write(`error: ${error.message.replace('\n', '\n  ')}\n`);
    return EXIT_CODES.unreachable;
  } finally {
    for (const name of SIGNALS) process.off(name, interrupted);
    swarm.close();
  }
}

/** @param stop ends it early; the trial is removed all the same */
export async function tryHardening(
  swarm: Trying,
  options: HardeningOptions,
  stop: AbortSignal,
  clock = CLOCK,
): Promise<number> {
  const { docker } = swarm;
  const { stack, service, hardening } = options;
  const name = `${stack}_${service}`;
  const now = (await docker.clock()) ?? clock.now();
  if (await clearTheWay(docker, stack, name, now)) {
    return fail(
      `somebody tries ${service} already`,
      `wait until that is over, or end it: docker service rm ${trialName(name)}`,
    );
  }
  const found = (await docker.services({ name: [name] })).find(({ Spec }) => Spec.Name === name);
  if (!found) return fail(`there is no service ${name} on the server`, 'deploy it first');
  const refusal = refusalOf(found.Spec);
  if (refusal) return fail(`${service} is not tried: ${refusal}`, BY_HAND);
  const seconds = secondsOf(found.Spec);
  const until = Math.ceil(now / 1000) + seconds + SLACK_SECONDS;
  say(`one task of ${service} with ${inWords(hardening)}, beside those that serve`);
  const id = await docker.createService(trialOf(name, found.Spec, hardening, until));
  try {
    const task = await lastOf(docker, id, seconds, stop, clock);
    if (stop.aborted) return fail(`${service} was not tried to the end`, 'the trial is removed again');
    return await report(swarm, task, options);
  } finally {
    await docker.removeService(id);
  }
}

type Trying = Pick<SwarmClient, 'evidence'> & {
  readonly docker: Pick<Docker, 'clock' | 'services' | 'createService' | 'removeService' | 'tasks'>;
};

/**
 * Removes trials of this stack that were killed with who ran them. One that may be under way is somebody else's.
 *
 * @returns whether there is one of this service
 */
async function clearTheWay(
  docker: Trying['docker'],
  stack: string,
  name: string,
  now: number,
): Promise<boolean> {
  let underWay = false;
  for (const { ID, Spec } of await docker.services({ label: [LABEL] })) {
    const { [LABEL]: of = '', [UNTIL_LABEL]: until } = Spec.Labels ?? {};
    if (Number(until) * 1000 > now) underWay ||= of === name;
    else if (of.startsWith(`${stack}_`)) await docker.removeService(ID);
  }
  return underWay;
}

function secondsOf({ TaskTemplate }: ServiceSpec): number {
  const {
    StartPeriod = 0,
    Interval = 30e9,
    Timeout = 30e9,
    Retries = 3,
  } = TaskTemplate.ContainerSpec?.Healthcheck ?? {};
  return START_SECONDS + (StartPeriod + (Interval + Timeout) * Retries) / 1e9;
}

/** Its only task, when it has ended, or has been healthy for a while, or the time is over. */
async function lastOf(
  docker: Trying['docker'],
  service: string,
  seconds: number,
  stop: AbortSignal,
  { now, sleep: pause }: Clock,
): Promise<Task | undefined> {
  let task: Task | undefined;
  let healthySince: number | undefined;
  const until = now() + seconds * 1000;
  while (now() < until && !stop.aborted) {
    [task] = await docker.tasks({ service: [service] });
    if (task && hasEnded(task)) return task;
    healthySince = task && isRunning(task) ? (healthySince ?? now()) : undefined;
    if (healthySince !== undefined && now() - healthySince >= OBSERVE_SECONDS * 1000) return task;
    await pause(1000, stop);
  }
  return task;
}

/** No program has run: it waits for a node, or what it needs cannot be had there. */
const NOT_STARTED = ['new', 'pending', 'assigned', 'accepted', 'preparing', 'ready', 'rejected'];

async function report(
  swarm: Trying,
  task: Task | undefined,
  { service, hardening }: HardeningOptions,
): Promise<number> {
  if (!task) return fail(`Swarm has made no task of ${service}`, 'look at the nodes: docker node ls');
  const { State, Err, ContainerStatus } = task.Status;
  const why = Err ? ` (${harmless(Err)})` : '';
  if (NOT_STARTED.includes(State)) {
    return fail(
      `${service} was not tried: its task has not started, it is ${State}${why}`,
      'that says nothing of what it bears; it needs a node that may take it, its image there, and time to pull it',
    );
  }
  const { log, health } = await swarm.evidence(task);
  const complaints = complaintsOf(log);
  for (const { line, hint } of complaints) say(`  ${line}\n    → ${hint}`);
  if (isRunning(task)) {
    const but = complaints.length > 0 ? ', but has complained' : '';
    say(
      `${service} is healthy with it for ${OBSERVE_SECONDS} s${but}. In services.config.ts:\n${inCatalogue(hardening)}`,
    );
    say('a path that it has not taken in this time may still need more: try it on staging');
    return complaints.length > 0 ? 1 : 0;
  }
  const status = ContainerStatus?.ExitCode ? `, exit status ${ContainerStatus.ExitCode}` : '';
  if (complaints.length === 0) for (const line of [...log, ...(health ? [health] : [])]) say(`  ${line}`);
  return fail(
    `${service} does not bear it: ${State}${status}${why}`,
    complaints.length > 0
      ? 'try it again with what the lines above name'
      : 'its last lines are above; --writable tries it without a read-only root',
  );
}

function fail(what: string, remedy: string): number {
  process.stderr.write(`error: ${what}\n  ${remedy}\n`);
  return 1;
}

function inWords({ user, capAdd, tmpfs, readOnlyRoot }: Hardening): string {
  return [
    capAdd.length > 0 ? `no capability but ${capAdd.join(', ')}` : 'no capability',
    ...(readOnlyRoot ? [`a read-only root and ${tmpfs.join(', ') || 'nothing'} in memory`] : []),
    ...(user === undefined ? [] : [`the user ${user}`]),
  ].join(', ');
}

const list = (names: readonly string[]): string => `[${names.map((name) => `'${name}'`).join(', ')}]`;

function inCatalogue({ user, capAdd, tmpfs, readOnlyRoot }: Hardening): string {
  const words = [
    ...(user === undefined ? [] : [`user: '${user}'`]),
    "capDrop: ['ALL']",
    ...(capAdd.length > 0 ? [`capAdd: ${list(capAdd)}`] : []),
    ...(readOnlyRoot ? ['readOnlyRoot: true'] : []),
    ...(readOnlyRoot && tmpfs.length > 0 ? [`tmpfs: ${list(tmpfs)}`] : []),
  ];
  return `  ${words.join(', ')}`;
}
