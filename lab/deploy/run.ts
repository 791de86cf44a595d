import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { LabPaths } from '../ground/paths';
import { markOf } from '../ground/processes';
import { CommandError } from '../ground/shell';

export interface DeployCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment, nothing is added but the lab's mark. */
  readonly env: NodeJS.ProcessEnv;
  /** Written to its standard input. */
  readonly input?: string;
  /** Receives each line of standard output and error. @default - none */
  readonly onLine?: (line: string) => void;
}

/**
 * Runs a part of a deploy; all that it says goes to `logs/deploy.log`. Ctrl-C reaches the program itself, which then
 * ends in order, and this waits for it.
 *
 * @returns its standard output
 * @throws CommandError when it ends with another status than 0
 */
export async function runDeploy(paths: LabPaths, what: DeployCommand): Promise<string> {
  const log = createWriteStream(join(paths.logs, 'deploy.log'), { flags: 'a' });
  const child = spawn(what.command, what.args, {
    env: { ...what.env, ...markOf(paths, 'deploy') },
    stdio: [what.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  child.stdin?.on('error', () => {});
  child.stdin?.end(what.input);
  const said: string[] = [];
  const all: string[] = [];
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface({ input: stream }).on('line', (line) => {
      log.write(`${line}\n`);
      all.push(line);
      if (stream === child.stdout) said.push(line);
      what.onLine?.(line);
    });
  }
  const wait = () => {};
  process.on('SIGINT', wait);
  try {
    const status = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      let patience: NodeJS.Timeout | undefined;
      child.on('close', (code) => {
        clearTimeout(patience);
        resolve(code);
      });
      // A shared ssh connection that stays behind may hold the output open; a busy machine delivers the last lines late.
      child.on('exit', (code) => {
        patience = setTimeout(() => resolve(code), 2000);
      });
    });
    if (status === 0) return said.join('\n');
    throw new CommandError([what.command, ...what.args].join(' ').slice(0, 200), status, all.join('\n'));
  } finally {
    process.off('SIGINT', wait);
    child.stdout?.destroy();
    child.stderr?.destroy();
    await new Promise<void>((done) => log.end(done));
  }
}
