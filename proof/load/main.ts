import { setMaxListeners } from 'node:events';
import type { LoadPlan } from './plan';
import { runLoad } from './run';

/**
 * The load generator's process: the first line of standard input is a `LoadPlan`, `started` on standard output says
 * that the first request is due, the last line is the `LoadResult`. It stops early when standard input ends, so it
 * never outlives the one that started it.
 */
export async function loadMain(): Promise<void> {
  const stop = new AbortController();
  // Each client waits on it.
  setMaxListeners(0, stop.signal);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
  const plan = await new Promise<LoadPlan>((resolve, reject) => {
    let text = '';
    process.stdin.setEncoding('utf8');
    process.stdin.on('data', (chunk: string) => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end < 0) return;
      try {
        resolve(JSON.parse(text.slice(0, end)) as LoadPlan);
      } catch (error) {
        reject(error);
      }
    });
    process.stdin.on('end', () => {
      stop.abort();
      reject(new Error('no plan on standard input'));
    });
  });
  process.stdout.write('started\n');
  const result = await runLoad(plan, stop.signal);
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
}
