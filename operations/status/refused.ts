import type { Service, Task } from '../docker/answers';
import type { Docker } from '../docker/client';
import { isRunning } from '../docker/snapshot';

/** What edge and nginx refused in the last hour, as far back as their logs were read. */
export interface Refused {
  /** The logs are longer than what was read of them, or than what Docker keeps. */
  readonly atLeast: boolean;
  /** Answers of 429 by the first part of their path, the most frequent first. */
  readonly byRoute: Readonly<Record<string, number>>;
  /** Connections that were closed at once, and of how many addresses: they had all that one may have. */
  readonly connections: number;
  readonly addresses: number;
  /** Connections that were closed because all together had all that there is memory for. */
  readonly full: number;
  /** Workers that were killed or crashed, with every connection on them. */
  readonly workers: number;
}

const HOUR_SECONDS = 3600;
/** Of each task; the bytes because lines may be long, the seconds because an overloaded server is just what is asked. */
const MOST = { lines: 30_000, bytes: 8 * 1024 * 1024, seconds: 10 } as const;
/** An attacker may invent any number of paths. */
const ROUTES = 5;
const OTHERS = 'others';

/** @returns undefined where there is neither, or their logs cannot be read */
export async function askRefused(
  docker: Pick<Docker, 'taskLog'>,
  { services, tasks, stack, now }: Asked,
): Promise<Refused | undefined> {
  const doors = services.filter(({ Spec }) => DOORS.some((name) => Spec.Name === `${stack}_${name}`));
  const open = tasks.filter(
    (task) => isRunning(task) && doors.some(({ ID }) => ID === (task as Owned).ServiceID),
  );
  const counter = new RefusedCounter();
  let read = 0;
  for (const { ID } of open) {
    const bounds = { since: Math.floor(now / 1000) - HOUR_SECONDS, ...MOST };
    const log = await docker.taskLog(ID, MOST.lines, bounds).catch(() => undefined);
    if (log === undefined) continue;
    read++;
    counter.add(log);
  }
  return read === 0 ? undefined : counter.result();
}

const DOORS = ['nginx', 'edge'];

interface Asked {
  readonly services: readonly Service[];
  readonly tasks: readonly Task[];
  readonly stack: string;
  /** Milliseconds, by the server's clock. */
  readonly now: number;
}

type Owned = Task & { readonly ServiceID?: string };

const ANSWER = /^\S+ \[[^\]]+\] "\S+ (\/[^/ "]*)[^"]*" 429 /;
const CONNECTION = /limiting connections by zone "(address|all)".*? client: ([^,\s]+)/;
const WORKER = /worker process \d+ exited on signal (?!15\b|3\b|1\b)\d+/;

/** Of a line; a request's is at most 8 KiB in nginx. On some MiB an expression runs out of stack. */
const LINE = 16 * 1024;

/** Counts in logs of nginx and the edge. */
export class RefusedCounter {
  private readonly routes = new Map<string, number>();
  private readonly addresses = new Set<string>();
  private counts = { connections: 0, full: 0, workers: 0 };
  private atLeast = false;

  add(log: string): void {
    const lines = log.split('\n');
    this.atLeast ||= lines.length > MOST.lines || log.length >= MOST.bytes;
    for (const line of lines) this.see(line.slice(0, LINE));
  }

  result(): Refused {
    const sorted = [...this.routes].sort(([a, one], [b, other]) => other - one || a.localeCompare(b));
    const others = sorted.slice(ROUTES).reduce((sum, [, count]) => sum + count, 0);
    return {
      atLeast: this.atLeast,
      byRoute: Object.fromEntries([
        ...sorted.slice(0, ROUTES),
        ...(others > 0 ? [[OTHERS, others] as const] : []),
      ]),
      addresses: this.addresses.size,
      ...this.counts,
    };
  }

  private see(line: string): void {
    const path = ANSWER.exec(line)?.[1];
    if (path !== undefined) {
      this.routes.set(path, (this.routes.get(path) ?? 0) + 1);
      return;
    }
    const [, zone, address] = CONNECTION.exec(line) ?? [];
    if (zone === 'all') this.counts.full++;
    if (zone === 'address') {
      this.counts.connections++;
      this.addresses.add(address!);
    }
    if (WORKER.test(line)) this.counts.workers++;
  }
}

/** In a line for people; empty where nothing was. */
export function refusedInWords({ atLeast, byRoute, connections, addresses, full }: Refused): string {
  const answers = Object.values(byRoute).reduce((sum, count) => sum + count, 0);
  const routes = Object.entries(byRoute).map(([route, count]) => `${route} ${count}`);
  const parts = [
    ...(answers > 0 ? [`429 to ${answers} requests (${routes.join(', ')})`] : []),
    ...(connections > 0
      ? [
          `${connections} connections of ${addresses} ${addresses === 1 ? 'address' : 'addresses'} with too many`,
        ]
      : []),
    ...(full > 0 ? [`${full} connections because all were taken`] : []),
  ];
  return parts.length === 0 ? '' : `${atLeast ? 'at least ' : ''}${parts.join('; ')}`;
}
