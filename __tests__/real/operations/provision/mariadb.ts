import { type ChildProcess, execFileSync, type SpawnOptionsWithoutStdio, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { CommandResult, Execute } from '../../../../operations/provision/server';
import { freePorts } from '../../../support/programs/loopback';

const BINARY = findMariadbd();
const BASE = BINARY === undefined ? '' : resolve(dirname(BINARY), '..');

/** Why tests against a real MariaDB cannot run here; undefined when they can. */
export const noMariadb: string | undefined = whyNot();

export const describeWithMariadb = noMariadb === undefined ? describe : describe.skip;
if (noMariadb !== undefined) {
  process.stderr.write(`SKIPPED: tests against a real MariaDB (${noMariadb})\n`);
}

export const INIT_FILE = resolve(__dirname, '../../../../constructs/assets/mariadb-init.sql');

/** OS user `nobody`: neither root nor the server's own. */
const NOBODY = 65534;

/** A mariadbd 10.11 on 127.0.0.1, with a data directory as the image's entrypoint makes it. */
export class TestMariadb {
  readonly folder = join(tmpdir(), `mariadb-${randomUUID()}`);
  private readonly data = join(this.folder, 'data');
  private readonly socket = join(this.folder, 'socket');
  /** Named as in the image, and found first. */
  private readonly client = join(this.folder, 'mariadb');
  private child: ChildProcess | undefined;
  port = 0;
  log = '';

  /** root@localhost without a password, no other user. */
  initialise(): void {
    mkdirSync(this.folder, { mode: 0o755 });
    const toThis = `--no-defaults --socket='${this.socket}'`;
    writeFileSync(this.client, `#!/bin/sh\nexec '${tool('mariadb')}' ${toThis} "$@"\n`, { mode: 0o755 });
    const options = ['--no-defaults', `--datadir=${this.data}`, '--user=root', '--rpm', '--skip-test-db'];
    execFileSync(
      tool('mariadb-install-db'),
      [...options, `--basedir=${BASE}`, '--auth-root-authentication-method=normal', '--cross-bootstrap'],
      // A server that starts removes temporary tables of others from a folder that they share.
      { stdio: 'pipe', env: { ...process.env, TMPDIR: this.folder } },
    );
  }

  /** Starts as the image does, and waits until it answers. */
  async start(options: readonly string[] = [], initFile = INIT_FILE): Promise<void> {
    await this.begin(options, initFile);
    await this.says('ready for connections');
  }

  /** Starts as the image does, and does not wait. */
  async begin(options: readonly string[] = [], initFile = INIT_FILE): Promise<void> {
    [this.port] = (await freePorts(1)) as [number];
    this.log = '';
    const child = spawn(BINARY!, [
      ...[
        '--no-defaults',
        `--tmpdir=${this.folder}`,
        `--basedir=${BASE}`,
        `--datadir=${this.data}`,
        `--socket=${this.socket}`,
      ],
      ...['--user=root', '--bind-address=127.0.0.1', `--port=${this.port}`, '--skip-name-resolve'],
      ...['--innodb-buffer-pool-size=16M', `--pid-file=${join(this.folder, 'pid')}`],
      `--init-file=${initFile}`,
      ...options,
    ]);
    child.stderr.on('data', (chunk: Buffer) => {
      this.log += chunk.toString();
    });
    this.child = child;
  }

  /** Waits for a line of its log. */
  async says(text: string): Promise<void> {
    for (let attempt = 0; attempt < 12_000; attempt += 1) {
      if (this.child?.exitCode !== null) throw new Error(`mariadbd ended:\n${this.log}`);
      if (this.log.includes(text)) return;
      await new Promise((done) => setTimeout(done, 5));
    }
    throw new Error(`mariadbd is not ready:\n${this.log}`);
  }

  /** Halts it where it is, or lets it go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.child?.kill(signal);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop('SIGKILL');
    rmSync(this.folder, { recursive: true });
  }

  /** What `docker exec -u root` does in the task, here against this server's socket. */
  readonly execute: Execute = (command, stdin) =>
    execute(command, stdin, {
      env: { ...process.env, PATH: `${this.folder}${delimiter}${process.env.PATH}` },
    });

  /** As root over the socket. */
  async sql(text: string): Promise<string> {
    const result = await this.execute(['mariadb', '--user=root', '--batch', '--skip-column-names'], text);
    if (result.exitCode !== 0) throw new Error(result.stderr);
    return result.stdout.trim();
  }

  /** Connections over TCP that do nothing, until the function that it returns is called. */
  async idle(user: string, password: string, count: number): Promise<() => Promise<void>> {
    const children = Array.from({ length: count }, () =>
      spawn(tool('mariadb'), [
        '--no-defaults',
        ...['--protocol=tcp', '--host=127.0.0.1', `--port=${this.port}`],
        ...[`--user=${user}`, `--password=${password}`, '--unbuffered', '--skip-column-names', '--batch'],
      ]),
    );
    await Promise.all(
      children.map(async (child) => {
        child.stdin.write('SELECT 1;\n');
        await new Promise((done) => child.stdout.once('data', done));
      }),
    );
    return async () => {
      await Promise.all(
        children.map(async (child) => {
          child.stdin.end();
          await new Promise((done) => child.once('close', done));
        }),
      );
    };
  }

  /** Logs in over the socket as another OS user than root. Returns MariaDB's error, or 'in'. */
  loginAsNobody(user: string): Promise<string> {
    return this.login([`--socket=${this.socket}`, '--protocol=socket', `--user=${user}`], '', NOBODY);
  }

  /** Logs in over TCP, as an application does. Returns MariaDB's error, or 'in'. */
  loginOverTcp(user: string, password: string): Promise<string> {
    const address = ['--protocol=tcp', '--host=127.0.0.1', `--port=${this.port}`];
    return this.login([...address, `--user=${user}`], password);
  }

  /** Statements over TCP, as an application sends them. Returns MariaDB's error, or 'in'. */
  asClient(user: string, password: string, sql: string): Promise<string> {
    const address = ['--protocol=tcp', '--host=127.0.0.1', `--port=${this.port}`];
    return this.login([...address, `--user=${user}`], password, undefined, sql);
  }

  private async login(
    options: readonly string[],
    password: string,
    uid?: number,
    sql = 'SELECT 1',
  ): Promise<string> {
    const file = join(this.folder, 'client.cnf');
    const quoted = password.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
    writeFileSync(file, `[client]\npassword="${quoted}"\n`);
    const command = [tool('mariadb'), `--defaults-file=${file}`, ...options, `--execute=${sql}`];
    const result = await execute(command, '', uid === undefined ? {} : { uid });
    return result.exitCode === 0 ? 'in' : (/ERROR \d+/.exec(result.stderr)?.[0] ?? result.stderr);
  }
}

function execute(
  command: readonly string[],
  stdin: string,
  options: SpawnOptionsWithoutStdio,
): Promise<CommandResult> {
  return new Promise((done, reject) => {
    const child = spawn(command[0]!, command.slice(1), options);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.stdin.on('error', () => {});
    child.once('error', reject);
    child.once('close', (code) => done({ exitCode: code ?? 1, stdout, stderr }));
    child.stdin.end(stdin);
  });
}

function findMariadbd(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  const candidates = [process.env.MARIADBD_BIN ?? '', ...folders.map((folder) => join(folder, 'mariadbd'))];
  return candidates.find((path) => path !== '' && existsSync(path));
}

function tool(name: string): string {
  return join(BASE, 'bin', name);
}

function whyNot(): string | undefined {
  if (BINARY === undefined) return 'no mariadbd: install mariadb-server 10.11, or set MARIADBD_BIN';
  if (!existsSync(tool('mariadb-install-db'))) return `no mariadb-install-db beside ${BINARY}`;
  const version = execFileSync(BINARY, ['--no-defaults', '--version']).toString();
  if (!/\b10\.11\./.test(version)) return `${version.trim()} is not 10.11`;
  // unix_socket lets OS user root in, as it does in the container.
  if (process.getuid?.() !== 0) return 'they must run as root';
  return undefined;
}

/** A server for all tests of a block. */
export function startedMariadb(): TestMariadb {
  const server = new TestMariadb();
  beforeAll(async () => {
    server.initialise();
    await server.start();
  }, 60_000);
  afterAll(() => server.remove());
  return server;
}
