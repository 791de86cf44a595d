import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { PosixShell } from './posix-shells';

export const LAUNCH = resolve(__dirname, '../../../constructs/assets/launch.sh');

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The environment that the command saw; empty unless the command was `PRINT_ENV`. */
  readonly env: Readonly<Record<string, string>>;
}

/** A command that prints its environment, separated by NUL: the one separator that no value can hold. */
export const PRINT_ENV = ['env', '-0'];

/** The launcher in a shell, with a secrets folder of its own. */
export class Launcher {
  readonly folder = mkdtempSync(join(tmpdir(), 'launch-'));
  private readonly base: Record<string, string>;

  constructor(
    private readonly shell: PosixShell,
    secrets: Record<string, string | Buffer> = {},
  ) {
    const folder = join(this.folder, 'secrets');
    mkdirSync(folder);
    for (const [name, content] of Object.entries(secrets)) writeFileSync(join(folder, name), content);
    this.base = { PATH: process.env.PATH ?? '', LAUNCH_SECRETS: folder };
  }

  run(args: readonly string[], env: Record<string, string> = {}, input = ''): Run {
    const [file, ...rest] = this.shell.argv;
    const result = spawnSync(file, [...rest, LAUNCH, ...args], { env: { ...this.base, ...env }, input });
    const stdout = result.stdout.toString();
    const pairs = stdout.includes('\0') ? stdout.split('\0').filter((line) => line.includes('=')) : [];
    return {
      status: result.status,
      stdout,
      stderr: result.stderr.toString(),
      env: Object.fromEntries(
        pairs.map((line) => [line.split('=', 1)[0], line.slice(line.indexOf('=') + 1)]),
      ),
    };
  }

  start(args: readonly string[], env: Record<string, string> = {}): Started {
    // One pipe for both: of two, whichever is read first comes first.
    const both = ['-c', 'exec "$@" 2>&1', 'sh', ...this.shell.argv, LAUNCH, ...args];
    return new Started(
      spawn('/bin/sh', both, { env: { ...this.base, ...env }, stdio: ['ignore', 'pipe', 'pipe'] }),
    );
  }

  /** A shell that gets the script piece by piece, by `write`. */
  startReading(args: readonly string[]): Started {
    const [file, ...rest] = this.shell.argv;
    return new Started(
      spawn(file, [...rest, '-s', ...args], { env: this.base, stdio: ['pipe', 'pipe', 'pipe'] }),
    );
  }

  /** What the kernel shows in /proc/1/cmdline when a container was started with these arguments. */
  cmdline(args: readonly string[], launcher = LAUNCH): string {
    const file = join(this.folder, 'cmdline');
    writeFileSync(file, ['/bin/sh', launcher, ...args].map((arg) => `${arg}\0`).join(''));
    return file;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A running launcher, to be sent signals. */
export class Started {
  /** What it and its command said, in that order, whether on standard output or on standard error. */
  output = '';
  private readonly ended: Promise<number>;

  constructor(private readonly child: ChildProcess) {
    child.stdout?.on('data', (data) => {
      this.output += data;
    });
    child.stderr?.on('data', (data) => {
      this.output += data;
    });
    // 'close' comes when the pipes are closed too: a process left behind with them would hold it back.
    this.ended = new Promise((done, fail) => {
      child.on('error', fail);
      child.on('close', (code, signal) => done(signal ? -1 : (code ?? -1)));
    });
    // A test that never waits for the end is not the one to hear of it.
    this.ended.catch(() => {});
  }

  /** On standard input; `end` closes it. */
  write(text: string, how: 'write' | 'end' = 'write'): void {
    // One that has ended by itself closes its side.
    this.child.stdin?.on('error', () => {})[how](text);
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  async until(text: string): Promise<void> {
    for (let waited = 0; !this.output.includes(text); waited += 10) {
      if (waited > 30_000) throw new Error(`no '${text}' in: ${this.output}`);
      await new Promise((done) => setTimeout(done, 10));
    }
  }

  /** The launcher's exit status (-1 when a signal ended it), and the milliseconds from now until it ended. */
  async end(): Promise<{ status: number; after: number }> {
    const start = Date.now();
    return { status: await this.ended, after: Date.now() - start };
  }
}
