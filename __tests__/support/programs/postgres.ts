import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePorts } from './loopback';

/** OS user `nobody`: PostgreSQL refuses to run as root. */
const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;
const AS = isRoot ? { uid: NOBODY, gid: NOBODY } : {};

const FOLDER = findPrograms();
export const noPostgres: string | undefined = FOLDER
  ? undefined
  : 'there is no initdb, as in Debian postgresql';
if (noPostgres !== undefined) {
  process.stderr.write(`SKIPPED: tests against a real PostgreSQL (${noPostgres})\n`);
}

/** A PostgreSQL on 127.0.0.1 that lets everybody in. */
export class TestPostgres {
  private readonly folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  private readonly data = join(this.folder, 'data');
  private child: ChildProcess | undefined;
  private port = 0;

  async start(): Promise<void> {
    if (isRoot) chownSync(this.folder, NOBODY, NOBODY);
    const options = ['-D', this.data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '-N'];
    const how = { ...AS, cwd: this.folder, env: { PATH: process.env.PATH, HOME: this.folder } };
    execFileSync(join(FOLDER!, 'initdb'), options, { ...how, stdio: 'pipe' });
    [this.port] = (await freePorts(1)) as [number];
    const settings = [
      'listen_addresses=127.0.0.1',
      `port=${this.port}`,
      `unix_socket_directories=${this.folder}`,
    ];
    const arguments_ = ['-D', this.data, ...[...settings, 'fsync=off'].flatMap((one) => ['-c', one])];
    const child = spawn(join(FOLDER!, 'postgres'), arguments_, {
      ...how,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.child = child;
    let log = '';
    await new Promise<void>((resolve, reject) => {
      child.stderr.on('data', (chunk) => {
        log += chunk;
        if (log.includes('ready to accept connections')) resolve();
      });
      child.once('exit', () => reject(new Error(`postgres ended:\n${log}`)));
    });
  }

  get connection(): string {
    return `postgres://postgres:unused@127.0.0.1:${this.port}/postgres?sslmode=disable`;
  }

  /** The rows of a query, its columns separated by `|`. */
  query(sql: string): string[] {
    const out = execFileSync(join(FOLDER!, 'psql'), [this.connection, '-Atc', sql], { encoding: 'utf8' });
    return out.split('\n').filter(Boolean);
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (child && child.exitCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      // Without waiting for clients.
      child.kill('SIGINT');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function findPrograms(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ];
  return folders.find((folder) =>
    ['initdb', 'postgres', 'psql'].every((name) => existsSync(join(folder, name))),
  );
}
