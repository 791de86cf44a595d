import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseMessage } from './message';
import { forgetRunning, isAtWork, leftoversIn, outputFiles, type Running, readRunning } from './running';

export interface EarlierRunProps {
  /** The folder that a deploy synthesizes to; the stacks are below it. */
  readonly out: string;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
  /** @default 3600 */
  readonly maxSeconds?: number;
}

const POLL_MS = 500;
/** Gates give up earlier, so that an apply that takes longer waits for something that nobody here can see. */
const MAX_SECONDS = 3600;

/**
 * Looks for a run of Terraform whose deploy was killed. One that is still at work is waited for: it holds the state's
 * lock, and what it applies is no longer what a new plan would be made from. What it left is then removed, its plan first
 * of all, and said.
 *
 * @throws when it does not end in time, or the wait is interrupted; its lock is never forced
 */
export async function settleEarlierRuns(props: EarlierRunProps): Promise<void> {
  const stacks = join(props.out, 'stacks');
  if (!existsSync(stacks)) return;
  for (const name of readdirSync(stacks)) await settle(join(stacks, name), props);
}

async function settle(
  folder: string,
  { say, signal, maxSeconds = MAX_SECONDS }: EarlierRunProps,
): Promise<void> {
  const running = readRunning(folder);
  if (running) {
    await waitForEnd(running, say, Date.now() + maxSeconds * 1000, signal);
    say(`an earlier run was killed; ${howItEnded(folder, running)}`);
  } else if (leftoversIn(folder).length > 0) {
    say(
      'an earlier run was killed between its plan and its end; what it left, the plan among it, is removed',
    );
  }
  forgetRunning(folder);
}

async function waitForEnd(
  running: Running,
  say: (line: string) => void,
  until: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (!isAtWork(running)) return;
  const words = `${inWords(running)} (process ${running.pid}, since ${running.since})`;
  say(`an earlier run was killed, and its ${words} is still at work: waiting for its end`);
  while (isAtWork(running)) {
    if (signal?.aborted || Date.now() >= until) {
      throw new Error(
        `${words} of an earlier run is still at work, nothing was changed\n  wait for it, or end it in good order: kill -INT ${running.pid}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

const inWords = ({ what, program = 'terraform' }: Running): string =>
  what === 'wait' ? `${program} that waits for the state` : `${program} ${what}`;

/** Terraform's own last words, as far as it had any. */
function howItEnded(folder: string, running: Running): string {
  const { what } = running;
  if (what === 'wait') return 'it had begun nothing';
  const { stdout } = outputFiles(folder);
  const lines = existsSync(stdout) ? readFileSync(stdout, 'utf8').split('\n') : [];
  const messages = lines.flatMap((line) => parseMessage(line) ?? []);
  const errors = messages.filter(({ diagnostic }) => diagnostic?.severity === 'error').length;
  const summary = messages.filter(({ type }) => type === 'change_summary').at(-1)?.['@message'];
  const ended =
    errors > 0
      ? `ended with ${errors === 1 ? 'an error' : `${errors} errors`}`
      : summary !== undefined && (what === 'plan' || /^Apply complete/.test(summary))
        ? `finished: ${summary}`
        : 'did not finish';
  return `its ${inWords(running)} ${ended}; what it left, the plan among it, is removed`;
}
