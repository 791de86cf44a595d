import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT_CODES } from '../../contract/outcome';
import type { ServiceSpec, Task } from '../docker/answers';
import { ConnectionError } from '../docker/explain';
import { hasFailed, isRunning } from '../docker/snapshot';
import { SwarmClient } from '../docker/swarm-client';
import { redactorHere } from '../inputs/redactor-here';
import { harmless } from '../terminal/untrusted';
import { complaintsOf } from './complaints';
import type { Hardening, HardeningOptions } from './options';
import { LABEL, refusalOf, trialOf } from './trial';

const say = (text: string) => process.stdout.write(`${text}\n`);
/** How long it must stay healthy: programs write their first log or cache somewhat after they answer. */
const OBSERVE_SECONDS = 10;
const HARDENED = 'what this project ships of that kind is hardened already';
/** For the pull and the scheduler, beside what its health check takes. */
const START_SECONDS = 60;

/**
 * Runs the service's image once, beside the tasks that serve, with no capability and a root that cannot be written, and
 * says what fails. Resolves to the exit code: 0 it bears that.
 */
export async function runHardening(options: HardeningOptions): Promise<number> {
  const swarm = new SwarmClient({ ...options.target, redactor: redactorHere(process.env) });
  const name = `${options.stack}_${options.service}`;
  try {
    await removeLeft(swarm);
    const found = (await swarm.docker.services({ name: [name] })).find(({ Spec }) => Spec.Name === name);
    if (!found) return fail(`there is no service ${name} on the server`, 'deploy it first');
    const refusal = refusalOf(found.Spec);
    if (refusal) return fail(`${options.service} is not tried: ${refusal}`, HARDENED);
    say(`one task of ${options.service} with ${inWords(options.hardening)}, beside those that serve`);
    const spec = trialOf(name, found.Spec, options.hardening);
    const id = await swarm.docker.createService(spec);
    try {
      const task = await lastOf(swarm, id, secondsOf(spec));
      return await report(swarm, task, options);
    } finally {
      await swarm.docker.removeService(id);
    }
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    process.stderr.write(`error: ${error.message.replace('\n', '\n  ')}\n`);
    return EXIT_CODES.unreachable;
  } finally {
    swarm.close();
  }
}

/** Of a trial that was killed. */
async function removeLeft(swarm: SwarmClient): Promise<void> {
  for (const { ID } of await swarm.docker.services({ label: [LABEL] })) await swarm.docker.removeService(ID);
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
async function lastOf(swarm: SwarmClient, service: string, seconds: number): Promise<Task | undefined> {
  let task: Task | undefined;
  let healthySince: number | undefined;
  const until = Date.now() + seconds * 1000;
  while (Date.now() < until) {
    [task] = await swarm.docker.tasks({ service: [service] });
    if (task && (hasFailed(task) || ['complete', 'shutdown'].includes(task.Status.State))) return task;
    healthySince = task && isRunning(task) ? (healthySince ?? Date.now()) : undefined;
    if (healthySince !== undefined && Date.now() - healthySince >= OBSERVE_SECONDS * 1000) return task;
    await sleep(1000);
  }
  return task;
}

async function report(
  swarm: SwarmClient,
  task: Task | undefined,
  { service, hardening }: HardeningOptions,
): Promise<number> {
  if (!task) return fail(`Swarm has made no task of ${service}`, 'look at the nodes: docker node ls');
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
  const { State, Err, ContainerStatus } = task.Status;
  const status = ContainerStatus?.ExitCode ? `, exit status ${ContainerStatus.ExitCode}` : '';
  if (complaints.length === 0) for (const line of [...log, ...(health ? [health] : [])]) say(`  ${line}`);
  return fail(
    `${service} does not bear it: ${State}${status}${Err ? ` (${harmless(Err)})` : ''}`,
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
