import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';

export interface RunOptions {
  /** Written to the command's standard input. */
  readonly input?: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Standard output and error go to this file, too. */
  readonly log?: string;
  /** Given up after this many seconds. @default - never */
  readonly timeoutSeconds?: number;
  /** What it writes to standard error is returned, too. @default false */
  readonly withErrors?: boolean;
}

/** A command that ended with another status than 0. */
export class CommandError extends Error {
  constructor(
    readonly command: string,
    readonly status: number | null,
    readonly output: string,
  ) {
    const tail = output.trim().split('\n').slice(-8).join('\n  ');
    super(`${command} ended with status ${status ?? 'unknown'}\n  ${tail}`);
    this.name = 'CommandError';
  }
}

/**
 * Runs a program without a shell and returns its standard output.
 *
 * @throws CommandError when it fails, with the last lines that it wrote
 */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...process.env, ...options.env },
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      ...(options.timeoutSeconds
        ? { timeout: options.timeoutSeconds * 1000, killSignal: 'SIGKILL' as const }
        : {}),
    });
    const log = options.log ? createWriteStream(options.log, { flags: 'a' }) : undefined;
    let stdout = '';
    let all = '';
    child.stdout!.on('data', (chunk: Buffer) => {
      stdout += chunk;
      all += chunk;
      log?.write(chunk);
    });
    child.stderr!.on('data', (chunk: Buffer) => {
      all += chunk;
      log?.write(chunk);
    });
    child.stdin?.on('error', () => {});
    child.stdin?.end(options.input);
    child.on('error', reject);
    child.on('close', (status) => {
      log?.end();
      if (status === 0) resolve(options.withErrors ? all : stdout);
      else reject(new CommandError([command, ...args].join(' ').slice(0, 200), status, all));
    });
  });
}

/** Whether a program ends with status 0. */
export const succeeds = (
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<boolean> =>
  run(command, args, options).then(
    () => true,
    () => false,
  );

export const sleep = (seconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, seconds * 1000);
  });

/** Asks until it is so. @returns whether it became so in time */
export async function eventually(seconds: number, holds: () => Promise<boolean> | boolean): Promise<boolean> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    if (await holds()) return true;
    if (Date.now() >= end) return false;
    await sleep(0.2);
  }
}
