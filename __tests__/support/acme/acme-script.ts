import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, normalize, resolve } from 'node:path';
import type { PosixShell } from '../programs/posix-shells';

const SCRIPT = resolve(__dirname, '../../../constructs/assets/acme.sh');

/** Serves a webroot, as nginx does; what is asked for is noted. */
export async function serveWebroot(folder: string, port: number, asked: string[] = []): Promise<() => void> {
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const file = join(folder, normalize(request.url ?? '/'));
    response.statusCode = existsSync(file) ? 200 : 404;
    response.end(existsSync(file) ? readFileSync(file) : '');
  });
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  return () => {
    server.closeAllConnections();
    server.close();
  };
}

export type Settings = Readonly<Record<string, string | number>>;

/** The shipped `acme.sh` with a certbot, a volume and a webroot of its own. */
export class AcmeScript {
  readonly folder = mkdtempSync(join(tmpdir(), 'acme-'));
  readonly config = join(this.folder, 'letsencrypt');
  readonly webroot = join(this.folder, 'webroot');
  private child: ChildProcess | undefined;
  private exit: Promise<number | null> = Promise.resolve(null);

  constructor(
    private readonly path: string,
    private readonly settings: Settings,
    private readonly shell: PosixShell = { name: 'sh', argv: ['sh'] },
  ) {
    mkdirSync(this.webroot);
    writeFileSync(join(this.folder, 'output'), '');
  }

  /** certbot's folder with the pair, whatever is in it. */
  get live(): string {
    return join(this.config, 'live', String(this.settings.LINEAGE ?? 'localhost'));
  }

  /** Starts the loop, in a process group of its own, as a container would. */
  start(settings: Settings = {}): void {
    const out = openSync(join(this.folder, 'output'), 'a');
    const [file, ...rest] = this.shell.argv;
    const child = spawn(file, [...rest, SCRIPT, ...this.arguments(settings)], {
      env: { ...process.env, PATH: this.path },
      stdio: ['ignore', out, out],
      detached: true,
    });
    closeSync(out);
    this.child = child;
    this.exit = new Promise((done) => child.on('exit', done));
  }

  /** Runs it to its end, for what ends by itself. */
  run(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    const [file, ...rest] = this.shell.argv;
    const { status, stdout, stderr } = spawnSync(file, [...rest, SCRIPT, ...args], {
      env: { ...process.env, PATH: this.path, ...environment },
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  }

  output(): string {
    return readFileSync(join(this.folder, 'output'), 'utf8');
  }

  /** Waits until it has said something `times` times. */
  async says(words: RegExp, times = 1, seconds = 40): Promise<string> {
    const all = new RegExp(words, 'g');
    for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
      if ((this.output().match(all)?.length ?? 0) >= times) return this.output();
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error(`it did not say ${words} ${times} times in ${seconds} s:\n${this.output()}`);
  }

  /** As Swarm stops a task; the exit status. */
  async stop(): Promise<number | null> {
    this.child?.kill('SIGTERM');
    return this.exit;
  }

  /** As a machine that fails: nobody in the container can do anything any more. */
  async kill(): Promise<void> {
    if (this.child?.pid && this.child.exitCode === null) {
      try {
        process.kill(-this.child.pid, 'SIGKILL');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
    await this.exit;
  }

  /** The volume as it is now, links as links. */
  backup(): () => void {
    const copy = mkdtempSync(join(this.folder, 'backup-'));
    cpSync(this.config, copy, { recursive: true, verbatimSymlinks: true });
    return () => {
      rmSync(this.config, { recursive: true });
      cpSync(copy, this.config, { recursive: true, verbatimSymlinks: true });
    };
  }

  read(...names: string[]): string {
    return readFileSync(join(this.config, ...names), 'utf8');
  }

  has(...names: string[]): boolean {
    return existsSync(join(this.config, ...names));
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  arguments(settings: Settings = {}): string[] {
    const all = {
      NAMES: 'localhost',
      LINEAGE: 'localhost',
      EMAIL: 'operations@example.com',
      CONFIG: this.config,
      WEBROOT: this.webroot,
      LOGS: join(this.folder, 'logs'),
      HEARTBEAT: join(this.folder, 'heartbeat'),
      CHECK: 2,
      RETRY: 1,
      ...this.settings,
      ...settings,
    };
    return Object.entries(all).map(([name, value]) => `${name}=${value}`);
  }
}
