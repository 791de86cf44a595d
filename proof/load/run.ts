import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Client } from './client';
import { judge } from './judge';
import { checkPlan, type LoadPlan, type Stream } from './plan';
import { type LoadResult, Tally } from './tally';

/** Sends a plan's load from this process. Resolves when its time or count is over or `stop` fires, and all was answered. */
export async function runLoad(plan: LoadPlan, stop: AbortSignal): Promise<LoadResult> {
  checkPlan(plan);
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const start = Date.now();
  const tally = new Tally(start, new Set(plan.streams.map(({ service }) => service)), plan.keptFailures);
  const time = new AbortController();
  const timer = setTimeout(() => time.abort(), plan.maxSeconds * 1000);
  const over = AbortSignal.any([stop, time.signal]);
  const budget = { left: plan.maxRequests };
  try {
    await Promise.all(
      plan.streams.flatMap((stream) =>
        Array.from({ length: stream.clients }, (_, index) =>
          act(plan, stream, index, { tally, over, budget }),
        ),
      ),
    );
  } finally {
    clearTimeout(timer);
    delay.disable();
  }
  // The resolution itself is in the delay that Node measures.
  return tally.result(Date.now(), Math.max(0, delay.percentile(99) / 1e6 - 10));
}

interface Run {
  readonly tally: Tally;
  readonly over: AbortSignal;
  readonly budget: { left: number };
}

/** One client's requests, one after the other, in its share of the stream's rate. */
async function act(
  plan: LoadPlan,
  stream: Stream,
  index: number,
  { tally, over, budget }: Run,
): Promise<void> {
  const client = new Client(plan, stream, index);
  const interval = (1000 * stream.clients) / stream.requestsPerSecond;
  let due = Date.now() + (interval * index) / stream.clients;
  for (;;) {
    await until(due, over);
    if (over.aborted || budget.left <= 0) break;
    budget.left--;
    const sent = Date.now();
    const attempt = await client.send();
    tally.add(stream, { sent, ended: Date.now(), reused: attempt.reused }, judge(stream, attempt));
    // No making up for a slow answer: that would be a burst, which nginx refuses.
    due = Math.max(due + interval, Date.now());
  }
  client.close();
}

function until(time: number, over: AbortSignal): Promise<void> {
  const wait = time - Date.now();
  // A turn of the event loop even when it is late: other clients' answers are waiting.
  return new Promise((resolve) => {
    if (over.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      over.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, Math.max(0, wait));
    over.addEventListener('abort', end);
  });
}
