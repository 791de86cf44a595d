import type { Failure } from './judge';

export interface FailedRequest extends Failure {
  /** Milliseconds since 1970, when it was sent and when it failed. */
  readonly sent: number;
  readonly failed: number;
  readonly stream: string;
  /** On a connection that had served before. */
  readonly reused: boolean;
}

export interface LoadResult {
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
  readonly requests: number;
  readonly failed: number;
  readonly failedPosts: number;
  readonly posts: number;
  /** Milliseconds; of the requests that succeeded. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** The longest time in which one of the services answered nobody, in milliseconds, and which service. */
  readonly longestGap: { readonly milliseconds: number; readonly service: string; readonly start: number };
  readonly kinds: Readonly<Record<string, number>>;
  /** The first ones: 20, or as many as the plan says. */
  readonly failures: readonly FailedRequest[];
  /** For each second since the start: requests that ended, and those of them that failed. */
  readonly perSecond: readonly { readonly requests: number; readonly failed: number }[];
  /** How late the generator itself was, p99 in milliseconds: a large one makes the other numbers its own. */
  readonly generatorDelay: number;
}

const KEPT = 20;

/** Adds up what happened. Times are milliseconds since 1970. */
export class Tally {
  private readonly latencies: number[] = [];
  private readonly failures: FailedRequest[] = [];
  private readonly kinds: Record<string, number> = {};
  private readonly seconds: { requests: number; failed: number }[] = [];
  private readonly lastSuccess = new Map<string, number>();
  private gap = { milliseconds: 0, service: '–', start: 0 };
  private counts = { requests: 0, failed: 0, failedPosts: 0, posts: 0 };

  constructor(
    private readonly start: number,
    services: Iterable<string>,
    private readonly kept = KEPT,
  ) {
    for (const service of services) this.lastSuccess.set(service, start);
  }

  add(
    { method, service, name }: { method: 'GET' | 'POST'; service: string; name: string },
    { sent, ended, reused }: { sent: number; ended: number; reused: boolean },
    failure: Failure | undefined,
  ): void {
    const second = Math.max(0, Math.floor((ended - this.start) / 1000));
    while (this.seconds.length <= second) this.seconds.push({ requests: 0, failed: 0 });
    const cell = this.seconds[second]!;
    cell.requests++;
    this.counts.requests++;
    if (method === 'POST') this.counts.posts++;
    if (!failure) {
      this.latencies.push(ended - sent);
      this.endGap(service, ended);
      return;
    }
    cell.failed++;
    this.counts.failed++;
    if (method === 'POST') this.counts.failedPosts++;
    this.kinds[failure.kind] = (this.kinds[failure.kind] ?? 0) + 1;
    if (this.failures.length < this.kept) {
      this.failures.push({ ...failure, sent, failed: ended, stream: name, reused });
    }
  }

  result(end: number, generatorDelay: number): LoadResult {
    for (const service of [...this.lastSuccess.keys()]) this.endGap(service, end);
    const sorted = this.latencies.sort((a, b) => a - b);
    return {
      start: this.start,
      end,
      ...this.counts,
      p50: percentile(sorted, 0.5),
      p99: percentile(sorted, 0.99),
      max: sorted.at(-1) ?? 0,
      longestGap: this.gap,
      kinds: this.kinds,
      failures: this.failures,
      perSecond: this.seconds,
      generatorDelay,
    };
  }

  private endGap(service: string, at: number): void {
    const start = this.lastSuccess.get(service) ?? this.start;
    if (at - start > this.gap.milliseconds) this.gap = { milliseconds: at - start, service, start };
    this.lastSuccess.set(service, Math.max(start, at));
  }
}

/** The value that this share of a sorted list does not exceed; 0 for an empty one. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
