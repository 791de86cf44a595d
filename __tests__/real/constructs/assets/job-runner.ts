import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SCRIPT = join(__dirname, '../../../../constructs/assets/job.sh');
/** 25 March 2026, 00:53:20 UTC. */
export const BEGIN = 1_774_400_000;

const DATE = `#!/bin/sh
case "$*" in +%s) exec cat "$JOB_CLOCK" ;; esac
exec REAL "$@"
`;
// A second of the fake clock takes hardly any time.
const SLEEP = `#!/bin/sh
seconds=\${1%.*}
: "\${seconds:=0}"
for file in "$JOB_CLOCK" "$JOB_UP"; do
  read -r now rest <"$file"
  echo "$((now + seconds))" >"$file.$$" && mv "$file.$$" "$file"
done
exec REAL 0.02
`;

/** One run, as the script notes it. */
export interface Note {
  readonly job: string;
  readonly end: string;
  readonly due: string;
  readonly at: string;
  readonly status: number | null;
  readonly tries: number;
  readonly by: string;
  readonly lines: readonly string[];
}

/** A folder with a clock of its own, in which the script runs as often as it is started. */
export class JobPlace {
  readonly folder = mkdtempSync(join(tmpdir(), 'job-'));
  readonly state = join(this.folder, 'state');
  private readonly clock = join(this.folder, 'clock');
  private readonly up = join(this.folder, 'up');
  private readonly bin = join(this.folder, 'bin');
  private running: Running[] = [];

  constructor(private readonly shell: readonly [string, ...string[]]) {
    mkdirSync(this.bin);
    writeFileSync(join(this.bin, 'date'), DATE.replace('REAL', '/bin/date'), { mode: 0o755 });
    writeFileSync(join(this.bin, 'sleep'), SLEEP.replace('REAL', '/bin/sleep'), { mode: 0o755 });
    writeFileSync(this.up, '100\n');
    this.now = BEGIN;
  }

  get now(): number {
    return Number(readFileSync(this.clock, 'utf8'));
  }

  set now(time: number) {
    writeFileSync(`${this.clock}.set`, `${time}\n`);
    renameSync(`${this.clock}.set`, this.clock);
  }

  /** Sets the clock while the script runs, whose sleeps may write it at the same moment. */
  async set(time: number): Promise<void> {
    do {
      this.now = time;
      await new Promise((resolve) => setTimeout(resolve, 60));
    } while (Math.abs(this.now - time) > 120);
  }

  start(settings: readonly string[], command: readonly string[]): Running {
    const [program, ...args] = this.shell;
    const where = [`STATE=${this.state}`, `UPTIME=${this.up}`];
    const child = spawn(program, [...args, SCRIPT, 'NAME=n', ...where, ...settings, '--', ...command], {
      env: {
        PATH: `${this.bin}:${process.env.PATH}`,
        JOB_CLOCK: this.clock,
        JOB_UP: this.up,
        PLACE: this.folder,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const running = new Running(child);
    this.running.push(running);
    return running;
  }

  async remove(): Promise<void> {
    for (const one of this.running) await one.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export class Running {
  output = '';
  readonly ended: Promise<number | null>;
  private isOver = false;

  constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
      });
    }
    this.ended = new Promise((resolve) =>
      child.once('exit', (code) => {
        this.isOver = true;
        resolve(code);
      }),
    );
  }

  get notes(): Note[] {
    return this.jsonLines.filter((line) => 'end' in line) as Note[];
  }

  private get jsonLines(): object[] {
    return this.output
      .split('\n')
      .slice(0, -1)
      .filter((line) => line.startsWith('{"job"'))
      .map((line) => JSON.parse(line));
  }

  /** @throws with all that it said, when it ends first or nothing comes for long */
  async until(holds: () => boolean): Promise<void> {
    for (let tries = 0; !holds(); tries++) {
      if ((this.isOver && tries > 5) || tries > 1200) throw new Error(`it never came:\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  stop(): Promise<number | null> {
    this.child.kill('SIGTERM');
    return this.ended;
  }

  /** As a power cut does: all of its process group, without a word. */
  async kill(): Promise<void> {
    if (!this.isOver) process.kill(-this.child.pid!, 'SIGKILL');
    await this.ended;
  }
}
