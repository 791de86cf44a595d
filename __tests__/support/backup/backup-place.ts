import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  type BackupReport,
  backupGrants,
  type Grant,
  restoreGrants,
  SECRET_FILES,
} from '../../../contract/backup';
import type { TestMariadb } from '../../real/operations/provision/mariadb';
import { resticFile } from './backup-programs';

const SCRIPT = resolve(__dirname, '../../../constructs/assets/backup/backup.sh');
const SHIM = join(__dirname, 'shim.sh');
/** Of which each call is written down, and can be halted. */
const PROGRAMS = ['restic', 'mariadb', 'mariadb-dump', 'mariadb-binlog'];

export interface Ended {
  readonly report: BackupReport;
  readonly status: number | null;
  /** Lines for people. */
  readonly said: string;
}

/** A container of the backup without the container: its folder, secrets, environment, and accounts in a MariaDB. */
export class BackupPlace {
  readonly folder = mkdtempSync(join(tmpdir(), 'backup-'));
  readonly root = join(this.folder, 'root');
  readonly repository = join(this.folder, 'repository');
  readonly secrets = join(this.folder, 'secrets');
  readonly bin = join(this.folder, 'bin');
  /** There when a call has been halted. */
  readonly halted = join(this.folder, 'halted');
  readonly password = `p"\\'${randomBytes(9).toString('base64')}`;
  readonly repositoryPassword = randomBytes(12).toString('hex');

  constructor(
    readonly mariadb: TestMariadb,
    readonly databases: readonly string[],
    readonly env: Readonly<Record<string, string>> = {},
  ) {
    for (const folder of [this.root, this.secrets, this.bin]) mkdirSync(folder);
    this.secret(SECRET_FILES.repository, this.repositoryPassword);
    this.secret(SECRET_FILES.database, this.password);
    for (const name of PROGRAMS) {
      const real = name === 'restic' ? resticFile() : execFileSync('which', [name]).toString().trim();
      symlinkSync(
        real.includes('/') ? real : execFileSync('which', [real]).toString().trim(),
        join(this.bin, `real-${name}`),
      );
      copyFileSync(SHIM, join(this.bin, name));
      chmodSync(join(this.bin, name), 0o755);
    }
  }

  secret(name: string, value: string): void {
    writeFileSync(join(this.secrets, name), value, { mode: 0o600 });
  }

  /** Makes the accounts `shop_backup` and `shop_restore`, with what the contract says and no more. */
  async makeAccounts(ships = true, mariadb = this.mariadb): Promise<void> {
    const quoted = `'${this.password.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
    const make = (user: string, grants: readonly Grant[]) => [
      `CREATE OR REPLACE USER ${user}@'%' IDENTIFIED BY ${quoted};`,
      ...grants.map(({ privileges, on }) => {
        const where = on === '*.*' || on === 'mysql.proc' ? on : `\`${on.replaceAll('_', '\\_')}\`.*`;
        return `GRANT ${privileges.join(', ')} ON ${where} TO ${user}@'%';`;
      }),
    ];
    await mariadb.sql(
      [
        ...make('shop_backup', backupGrants(this.databases, ships)),
        ...make('shop_restore', restoreGrants(this.databases)),
      ].join('\n'),
    );
  }

  /** Runs a command to its end. */
  run(args: readonly string[], env: Readonly<Record<string, string>> = {}, input?: string): Promise<Ended> {
    return this.start(args, env, input).end();
  }

  start(args: readonly string[], env: Readonly<Record<string, string>> = {}, input?: string): RunningBackup {
    if (env.SHIM) for (const file of [this.halted, `${this.halted}.go`]) rmSync(file, { force: true });
    const user = args[0] === 'restore' ? 'shop_restore' : 'shop_backup';
    const child = spawn('sh', [SCRIPT, ...args], {
      env: {
        PATH: `${this.bin}:/usr/sbin:${process.env.PATH}`,
        HOME: this.folder,
        BACKUP_ROOT: this.root,
        BACKUP_SECRETS: this.secrets,
        BACKUP_PLATFORM: 'shop',
        BACKUP_REPOSITORY: this.repository,
        BACKUP_DATABASES: this.databases.join(' '),
        BACKUP_DB_HOST: '127.0.0.1',
        BACKUP_DB_PORT: `${this.mariadb.port}`,
        BACKUP_DB_USER: user,
        BACKUP_PATIENCE: '60',
        SHIM_HALTED: this.halted,
        SHIM_WATCH: join(this.repository, 'data'),
        ...this.env,
        ...env,
      },
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      detached: true,
    });
    child.stdin?.end(input);
    return new RunningBackup(child);
  }

  /** Runs it until a call is halted (see shim.sh), and kills all of it there, as the kernel would. */
  async killedAt(args: readonly string[], shim: string, env: Readonly<Record<string, string>> = {}) {
    const running = this.start(args, { ...env, SHIM: shim });
    await running.untilThere(this.halted);
    running.kill();
    await running.gone;
  }

  /** Lets a call that is halted go on. */
  release(): void {
    writeFileSync(`${this.halted}.go`, '');
  }

  /** restic on the repository, as its owner would by hand. */
  restic(...args: string[]): string {
    const { stdout, stderr, status } = spawnSync(
      resticFile(),
      ['--no-cache', '-r', this.repository, ...args],
      {
        env: { ...process.env, RESTIC_PASSWORD: this.repositoryPassword },
        // It leaves what it mends where it runs.
        cwd: this.folder,
        maxBuffer: 1024 ** 3,
      },
    );
    if (status !== 0) throw new Error(`restic ${args[0]}: ${stderr}${stdout}`);
    return stdout.toString();
  }

  /** Files of the repository with contents, the largest last. */
  packs(): string[] {
    const data = join(this.repository, 'data');
    return readdirSync(data, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort((one, other) => readFileSync(one).length - readFileSync(other).length);
  }

  /** Every argument list of every program that ran. */
  get calls(): string {
    const file = join(this.bin, 'calls');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export class RunningBackup {
  said = '';
  private stdout = '';
  readonly gone: Promise<number | null>;

  constructor(private readonly child: ChildProcess) {
    child.stdout?.on('data', (chunk) => {
      this.stdout += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      this.said += chunk;
    });
    this.gone = new Promise((done) => child.once('close', (code) => done(code)));
  }

  async end(): Promise<Ended> {
    const status = await this.gone;
    const lines = this.stdout.trimEnd().split('\n');
    if (lines.length !== 1) throw new Error(`not one line of JSON: ${this.stdout}\n${this.said}`);
    return { report: JSON.parse(lines[0]!), status, said: this.said };
  }

  /** To PID 1 alone, as Docker does. */
  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  async untilThere(file: string): Promise<void> {
    for (let tries = 0; !existsSync(file); tries++) {
      if (this.child.exitCode !== null || tries > 12_000) {
        throw new Error(`it was not halted: ${this.stdout}\n${this.said}`);
      }
      await new Promise((done) => setTimeout(done, 10));
    }
  }

  async until(text: string): Promise<void> {
    for (let tries = 0; !this.said.includes(text); tries++) {
      if (this.child.exitCode !== null || tries > 12_000) throw new Error(`no '${text}' in: ${this.said}`);
      await new Promise((done) => setTimeout(done, 10));
    }
  }

  /** Everything at once, as when a container is killed. */
  kill(): void {
    for (const pid of familyOf(this.child.pid!)) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended by itself.
      }
    }
  }
}

/** A process and all that come from it. */
function familyOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It ended meanwhile.
    }
  }
  const family = [pid];
  for (let at = 0; at < family.length; at++) {
    for (const [child, parent] of parents) if (parent === family[at]) family.push(child);
  }
  return family;
}
