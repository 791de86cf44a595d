import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLS_GROUPS } from '../../../constructs/ingress/tls/groups';

const OLDEST = [1, 27, 4] as const;

/** An nginx of this machine that is new enough for what the project writes, with the stream module. */
export interface Nginx {
  readonly file: string;
  readonly version: string;
  /** Directives that go before the configuration: the stream module where it is a file of its own (Debian). */
  readonly globals: string;
}

/** `$NGINX_BIN`, or the one in the PATH; undefined, and a loud warning, when there is none ≥ 1.27.4. */
export function findNginx(): Nginx | undefined {
  for (const file of [process.env.NGINX_BIN, 'nginx']) {
    if (!file) continue;
    const about = spawnSync(file, ['-V']).stderr?.toString() ?? '';
    const version = /nginx\/(\d+)\.(\d+)\.(\d+)/.exec(about);
    if (!version || !isNewEnough(version.slice(1).map(Number))) continue;
    const modules = /--modules-path=(\S+)/.exec(about)?.[1];
    const stream = about.includes('--with-stream=dynamic')
      ? `load_module ${modules}/ngx_stream_module.so; `
      : '';
    // Temporary folders of these tests belong to whoever runs them.
    const user = process.getuid?.() === 0 ? 'user root root; ' : '';
    return { file, version: version.slice(1).join('.'), globals: stream + user };
  }
  console.warn(
    `nginx files are NOT tested with nginx: none >= ${OLDEST.join('.')} here. Set NGINX_BIN to one`,
  );
  return undefined;
}

function isNewEnough(version: readonly number[]): boolean {
  const at = OLDEST.findIndex((part, index) => part !== version[index]);
  return at < 0 || version[at]! > OLDEST[at]!;
}

/** A folder for one nginx: its configuration, its pid, its temporary files and what it wrote. */
export class NginxFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'nginx-'));
  private child: ChildProcess | undefined;
  private exit: Promise<number | null> = Promise.resolve(null);

  constructor(private readonly nginx: Nginx) {}

  /** What `nginx -t` says about a configuration; starts with `ok` when it is one. */
  check(text: string): string {
    const args = ['-t', '-e', 'stderr', '-g', this.nginx.globals, ...this.write(text)];
    // No pipe for stdout: node's are sockets, and nginx cannot open /dev/stdout then.
    const result = spawnSync(this.nginx.file, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: this.environment(),
    });
    return `${result.status === 0 ? 'ok' : 'refused'}: ${result.stderr.toString()}`;
  }

  /** Starts nginx in the foreground, as the image does, and waits until `ready` answers. */
  async start(text: string, ready: () => Promise<unknown>): Promise<void> {
    // A file, since nginx opens /dev/stdout by its name and a socket cannot be opened so.
    const out = openSync(join(this.path, 'output'), 'w');
    const args = ['-e', 'stderr', '-g', `${this.nginx.globals}daemon off;`, ...this.write(text)];
    const child = spawn(this.nginx.file, args, { stdio: ['ignore', out, out], env: this.environment() });
    closeSync(out);
    this.child = child;
    this.exit = new Promise((done) => child.on('exit', done));
    for (let tries = 0; ; tries++) {
      try {
        await ready();
        return;
      } catch (error) {
        if (tries > 600 || child.exitCode !== null)
          throw new Error(`nginx is not ready: ${error}\n${this.output()}`);
        await new Promise((done) => setTimeout(done, 50));
      }
    }
  }

  output(): string {
    return readFileSync(join(this.path, 'output'), 'utf8');
  }

  /** What bodies and answers nginx has on the disk. Files that have no name any more are open in a process. */
  temporaryFiles(): string[] {
    return this.processes().flatMap((id) =>
      readdirSync(`/proc/${id}/fd`)
        .map((name) => readlinkSync(`/proc/${id}/fd/${name}`))
        .filter((file) => /\/(client_body|proxy)\//.test(file)),
    );
  }

  /** The ids of the master and its workers. */
  processes(): number[] {
    const master = Number(readFileSync(join(this.path, 'nginx.pid'), 'utf8'));
    const workers = readFileSync(`/proc/${master}/task/${master}/children`, 'utf8').trim().split(/\s+/);
    return [master, ...workers.map(Number)];
  }

  /** Sends SIGQUIT, as the image's STOPSIGNAL does; the milliseconds until nginx was gone. */
  async quit(): Promise<number> {
    const start = Date.now();
    this.child?.kill('SIGQUIT');
    await this.exit;
    return Date.now() - start;
  }

  /** Sends SIGHUP, as `nginx -s reload` does. */
  reload(): void {
    this.child?.kill('SIGHUP');
  }

  async remove(): Promise<void> {
    if (this.child?.exitCode === null) this.child.kill('SIGTERM');
    await this.exit;
    rmSync(this.path, { recursive: true, force: true });
  }

  /** As the service has it. */
  private environment(): NodeJS.ProcessEnv {
    const conf = join(this.path, 'openssl.cnf');
    writeFileSync(conf, TLS_GROUPS);
    return { ...process.env, OPENSSL_CONF: conf };
  }

  private write(text: string): string[] {
    const file = join(this.path, 'nginx.conf');
    writeFileSync(file, text);
    return ['-p', this.path, '-c', file];
  }
}
