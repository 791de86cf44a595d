import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { checkPlan, type LoadPlan } from './plan';
import type { LoadResult } from './tally';

/** A load generator at work in a process of its own, so that a deploy's own work does not delay it. */
export interface RunningLoad {
  readonly pid: number;
  /** Sends no more, waits for the answers, and says what came of it. */
  stop(): Promise<LoadResult>;
  /** When it ended by itself or was stopped. */
  readonly result: Promise<LoadResult>;
}

/** From the project's folder: its command line calls `loadMain`. */
export const LOAD_PROGRAM: readonly string[] = [process.execPath, 'proctor', 'bench', 'load'];

/**
 * Starts a load; resolves as soon as it sends.
 *
 * @throws Error when the plan is refused or the process ends before
 */
export async function startLoad(
  plan: LoadPlan,
  program: readonly string[] = LOAD_PROGRAM,
): Promise<RunningLoad> {
  checkPlan(plan);
  const [command = '', ...args] = program;
  // A group of its own, else Ctrl-C would end it before it has told.
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  let last = '';
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout });
  const started = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      if (line === 'started') resolve();
      else last = line;
    });
  });
  const result = new Promise<LoadResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0 && last.startsWith('{')) resolve(JSON.parse(last) as LoadResult);
      else reject(new Error(`the load generator ended with ${code}\n${stderr.slice(-2000)}`));
    });
  });
  child.stdin.write(`${JSON.stringify(plan)}\n`);
  await Promise.race([started, result]);
  const stop = () => {
    child.stdin.end();
    return result;
  };
  // It is waited for later, and may fail before.
  result.catch(() => {});
  return { pid: child.pid ?? 0, stop, result };
}
