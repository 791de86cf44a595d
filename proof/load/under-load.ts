import { sleep } from '../../lab/ground/shell';
import type { LoadPlan } from './plan';
import { type RunningLoad, startLoad } from './process';
import type { LoadResult } from './tally';

/** Looks at something else while there is load. */
export interface Watch<Seen> {
  /** Before the first request. */
  start?(): void | Promise<void>;
  /** No more than to end what it keeps running; may be called twice. */
  stop?(): void | Promise<void>;
  /** Once all is over. @param workEnded when the work was done, in milliseconds since 1970 */
  report(load: LoadResult, workEnded: number): Seen | Promise<Seen>;
}

export interface Conditions<Seen extends readonly unknown[]> {
  readonly plan: LoadPlan;
  readonly watches: { readonly [Index in keyof Seen]: Watch<Seen[Index]> };
  /** Seconds of load before the work and after it. @default 0 */
  readonly before?: number;
  readonly after?: number;
  /** The program that sends the load. @default `./proctor bench load` */
  readonly generator?: readonly string[];
}

export interface Done<Result, Seen> {
  readonly result: Result;
  readonly load: LoadResult;
  /** What each watch reports. */
  readonly seen: Seen;
  /** Seconds that the work took. */
  readonly seconds: number;
}

/** Does something while clients ask. When it throws, load and watches end, too. */
export async function underLoad<Result, const Seen extends readonly unknown[]>(
  { plan, watches, before = 0, after = 0, generator }: Conditions<Seen>,
  work: () => Promise<Result>,
): Promise<Done<Result, Seen>> {
  const all: readonly Watch<unknown>[] = watches;
  let running: RunningLoad | undefined;
  const stop = () => [running?.stop(), ...all.map((watch) => watch.stop?.())];
  try {
    for (const watch of all) await watch.start?.();
    running = await startLoad(plan, generator);
    await sleep(before);
    const start = Date.now();
    const result = await work();
    const end = Date.now();
    await sleep(after);
    await Promise.all(stop());
    const load = await running.stop();
    const reports: unknown[] = [];
    for (const watch of all) reports.push(await watch.report(load, end));
    const seen: readonly unknown[] = reports;
    return { result, load, seen: seen as Seen, seconds: (end - start) / 1000 };
  } catch (error) {
    await Promise.allSettled(stop());
    throw error;
  }
}
