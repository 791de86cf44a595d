import { CommandError, sleep } from '../../lab/ground/shell';
import { loadPlan, mix } from '../load/mix';
import { underLoad } from '../load/under-load';
import type { Place } from '../runner/scenario';
import {
  previousSpecsChanged,
  type ServiceState,
  serviceStates,
  servicesOf,
  touched,
} from '../watch/services';
import { peakUsage, type Usage } from '../watch/tasks';

/** Ours, the other, and the least that Swarm itself takes for one service. */
export type Way = './proctor deploy' | 'docker stack deploy' | 'docker service update';

/** One deploy, in one of the ways. */
export interface Deployed {
  readonly what: string;
  readonly way: Way;
  readonly seconds: number;
  readonly exit: number;
  readonly requests: number;
  readonly failed: number;
  readonly peak: Usage;
  /** Services whose version moved, and those whose `PreviousSpec` is another. */
  readonly touched: number;
  readonly previousSpecsChanged: number;
  /** Seconds from Swarm's own `rollback_completed` to the end of the deploy, where it rolled back. */
  readonly afterRollback?: number;
  /** What Swarm itself says of its updates, where it made any. */
  readonly swarm?: SwarmTime;
}

/** Seconds, by Swarm's own clock, which is this machine's. */
export interface SwarmTime {
  /** From the start of the deploy to Swarm's first update. */
  readonly before: number;
  /** From there to its last `completed` or `rollback_completed`. */
  readonly updating: number;
  /** From there to the end of the deploy; less than 0 when that did not wait for it. */
  readonly after: number;
  /** From there to the last gate's verdict, where the deploy has gates. */
  readonly verdict?: number;
}

/** How a deploy ended. */
export interface DeployEnd {
  readonly exit: number;
  /** In milliseconds since 1970. @default now */
  readonly at?: number;
  /** When its gates said their verdicts, the same. @default - it has none */
  readonly verdicts?: readonly number[];
}

/**
 * Runs one deploy under load and looks at what it did. A deploy that fails is a result.
 *
 * @param work may throw a CommandError, which has the exit code
 */
export async function measureDeploy(
  { bench, clients }: Place,
  { what, way, rate }: Pick<Deployed, 'what' | 'way'> & { readonly rate: number },
  work: () => Promise<DeployEnd>,
): Promise<Deployed> {
  const socket = bench.lab.paths.socket;
  await bench.settle();
  const done = await underLoad(
    {
      plan: loadPlan(bench.endpoint, mix(clients, rate)),
      watches: [peakUsage(socket), serviceStates(socket)],
      before: 2,
      after: 3,
    },
    async () => {
      const start = Date.now();
      const ended = await work().catch((error: unknown): DeployEnd => {
        if (!(error instanceof CommandError)) throw error;
        return { exit: error.status ?? 1 };
      });
      const end = ended.at ?? Date.now();
      // `docker stack deploy` may leave while Swarm is still at it; what follows is part of the deploy.
      await untilAtRest(socket);
      return { ...ended, start, end };
    },
  );
  const { exit, start, end, verdicts = [] } = done.result;
  const [peak, { before, after }] = done.seen;
  const rolledBack = rollbackOf(after, start);
  const swarm = swarmTime(after, { start, end, verdicts });
  return {
    what,
    way,
    seconds: (end - start) / 1000,
    exit,
    requests: done.load.requests,
    failed: done.load.failed,
    peak,
    touched: touched(before, after),
    previousSpecsChanged: previousSpecsChanged(before, after),
    ...(swarm ? { swarm } : {}),
    ...(rolledBack === undefined ? {} : { afterRollback: (end - rolledBack) / 1000 }),
  };
}

const MOVING = ['updating', 'rollback_started'];

/** Until no service is being updated any more. */
async function untilAtRest(socket: string, seconds = 180): Promise<void> {
  const until = Date.now() + seconds * 1000;
  const moves = async () =>
    (await servicesOf(socket)).some(({ UpdateStatus }) => MOVING.includes(UpdateStatus?.State ?? ''));
  while (Date.now() < until && (await moves())) await sleep(0.5);
}

/** When Swarm completed a rollback after `start`, in milliseconds since 1970. */
export function rollbackOf(services: readonly ServiceState[], start: number): number | undefined {
  const times = services
    .filter(({ UpdateStatus }) => UpdateStatus?.State === 'rollback_completed')
    .map(({ UpdateStatus }) => Date.parse(UpdateStatus?.CompletedAt ?? ''))
    .filter((time) => time >= start);
  return times.length > 0 ? Math.max(...times) : undefined;
}

/** What a deploy did when, in milliseconds since 1970. */
interface Times {
  readonly start: number;
  readonly end: number;
  readonly verdicts: readonly number[];
}

export function swarmTime(
  services: readonly ServiceState[],
  { start, end, verdicts }: Times,
): SwarmTime | undefined {
  const own = services
    .map(({ UpdateStatus = {} }) => UpdateStatus)
    .map(({ StartedAt = '', CompletedAt = '' }) => [Date.parse(StartedAt), Date.parse(CompletedAt)] as const)
    .filter(([began, completed]) => began >= start && completed >= began);
  if (own.length === 0) return undefined;
  const began = Math.min(...own.map(([time]) => time));
  const completed = Math.max(...own.map(([, time]) => time));
  return {
    before: (began - start) / 1000,
    updating: (completed - began) / 1000,
    after: (end - completed) / 1000,
    ...(verdicts.length > 0 ? { verdict: (Math.max(...verdicts) - completed) / 1000 } : {}),
  };
}
