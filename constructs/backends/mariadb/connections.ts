import type { Place } from '../../catalogue/spec/backend';
import type { Memory } from '../../units';
import { type DatabaseUse, type MariadbSpec, usedBy } from './spec';

/** SQLAlchemy's own: 5 that a pool keeps and 10 more when they are busy, for each process. */
const OF_A_TASK = 15;

/** For root (the health check, provisioning, a console) and for backups: never the applications'. */
const RESERVED = 10;

/** In steps, so that one more replica does not restart MariaDB. */
const STEP = 100;

const MIB = 1024 ** 2;
/** Seen with 10.11: 97 MiB when it has started, and the buffer pool's 128 as it fills. */
const EMPTY = 225 * MIB;
/** Seen: 0.1 MiB idle, 4.5 while it sorts a large join; all never do at once. */
const OF_A_CONNECTION = MIB;

export interface ConnectionLimits {
  /** `max_connections`. */
  readonly max: number;
  /** `max_user_connections`: one account can take no more, so that root always comes in. */
  readonly maxOfOneUser: number;
}

/** What the tasks of one application may open. */
export interface Demand {
  readonly application: string;
  readonly atRest: number;
  /** While it rolls. */
  readonly most: number;
}

/** What each application needs, from its tasks and the pool of one of them. */
export const demandOf = (
  { id, clients }: Pick<Place, 'id' | 'clients'>,
  spec: Pick<MariadbSpec, 'connectionsPerTask'>,
): Demand[] =>
  clients.map(({ application, use, tasks }) => {
    const { connectionsPerTask: own } = usedBy(use as DatabaseUse<string>);
    const each = wholeNumber(
      `${id}: connectionsPerTask${own === undefined ? '' : ` of ${application}`}`,
      own ?? spec.connectionsPerTask ?? OF_A_TASK,
      1,
      10_000,
    );
    return { application, atRest: tasks.atRest * each, most: tasks.most * each };
  });

/**
 * How many connections the server takes: all that the applications can open while all of them roll, and some more, in steps;
 * no more than its memory bears.
 *
 * @throws where they do not fit, or where the catalogue's own number is too small or too large
 */
export function connectionLimits(
  at: Pick<Place, 'id' | 'clients' | 'limits'>,
  spec: Pick<MariadbSpec, 'connectionsPerTask' | 'maxConnections'>,
): ConnectionLimits {
  const demand = demandOf(at, spec);
  const sum = (part: 'atRest' | 'most') => demand.reduce((total, one) => total + one[part], 0);
  const needed = sum('most') + RESERVED;
  const bears = borneBy(at.limits.memory);
  const why = `the applications open up to ${sum('atRest')}, ${sum('most')} while they roll, and ${RESERVED} are kept for root and backups`;
  if (needed > bears) {
    throw new Error(
      `${at.id}: its memory of ${at.limits.memory} bears ${bears} connections, and ${needed} are needed: ${why}\n  raise its limit of memory, or lower replicas or connectionsPerTask`,
    );
  }
  const { maxConnections } = spec;
  if (maxConnections === undefined) {
    const max = Math.min(Math.ceil(needed / STEP) * STEP, bears);
    return { max, maxOfOneUser: max - RESERVED };
  }
  wholeNumber(`${at.id}: maxConnections`, maxConnections, 10, 100_000);
  if (maxConnections < needed) {
    throw new Error(
      `${at.id}: maxConnections is ${maxConnections}, and ${needed} are needed: ${why}\n  leave it out, raise it, or say what a task opens: connectionsPerTask`,
    );
  }
  if (maxConnections > bears) {
    throw new Error(
      `${at.id}: maxConnections is ${maxConnections}, and its memory of ${at.limits.memory} bears ${bears}\n  lower it, or raise the limit of memory`,
    );
  }
  return { max: maxConnections, maxOfOneUser: maxConnections - RESERVED };
}

const borneBy = (memory: Memory): number =>
  Math.max(0, Math.floor((memory.toBytes() - EMPTY) / OF_A_CONNECTION));

/** MariaDB corrects what it does not take, and says so in its log alone. */
function wholeNumber(what: string, count: number, least: number, most: number): number {
  if (Number.isInteger(count) && count >= least && count <= most) return count;
  throw new Error(`${what} is ${count}\n  give a whole number from ${least} to ${most}`);
}
