import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { delimiter, join } from 'node:path';
import { platform } from '../../../../services.config';
import { Workplace } from '../../../support/platform/platform';
import { freePorts } from '../../../support/programs/loopback';
import { posixShells } from '../../../support/programs/posix-shells';
import { describeWithMariadb, TestMariadb } from '../../operations/provision/mariadb';

const SCRIPT = join(__dirname, '../../../../constructs/assets/serving.sh');

const workplace = new Workplace();
afterAll(() => workplace.remove());

/** What Docker runs for a service of the catalogue, with this script and this port. */
function testOf(service: string, port: number, timeout = 1): string[] {
  const { json } = workplace.synth(platform);
  const [kind, ...test] = json.resource.docker_service[service].task_spec.container_spec.healthcheck.test;
  expect(kind).toBe('CMD');
  return test.map((part: string) =>
    part
      .replace(/^\/serving$/, SCRIPT)
      .replace(/^--port=\d+$/, `--port=${port}`)
      .replace(/^--timeout=\d+$/, `--timeout=${timeout}`)
      .replace('/127.0.0.1/9092', `/127.0.0.1/${port}`),
  );
}

class Probe {
  private readonly child: ChildProcess;
  private readonly ended: Promise<number | null>;
  output = '';

  constructor([command, ...args]: string[], env: NodeJS.ProcessEnv = process.env) {
    this.child = spawn(command!, args, { env });
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
      });
    }
    this.ended = new Promise((done) => this.child.once('close', done));
  }

  /** How it ends within these seconds; `waits` when it does not. */
  async within(seconds: number): Promise<number | null | 'waits'> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'waits'>((done) => {
      timer = setTimeout(() => done('waits'), seconds * 1000);
    });
    const found = await Promise.race([this.ended, late]);
    clearTimeout(timer);
    return found;
  }

  async stop(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}

const listen = (port: number): Promise<Server> =>
  new Promise((done) => {
    const server = createServer((socket) => socket.end());
    server.listen(port, '127.0.0.1', () => done(server));
  });
const close = (server: Server) => new Promise((done) => server.close(done));

describe.each(posixShells().found)('serving.sh in $name', ({ argv }) => {
  const [shell, ...options] = argv;
  const probe = (...args: string[]) => new Probe([shell!, ...options, SCRIPT, ...args]);

  test('passes on what the command says once the port is open, and bounds it', async () => {
    const [port] = (await freePorts(1)) as [number];
    const server = await listen(port);
    const base = [`--port=${port}`, '--timeout=1', '--'];
    expect(await probe(...base, 'true').within(60)).toBe(0);
    expect(await probe(...base, 'sh', '-c', 'exit 7').within(60)).toBe(7);
    expect([124, 143]).toContain(await probe(...base, 'sleep', '60').within(60));
    await close(server);
  });

  test('waits for a port without a word of threads, and decides when it opens', async () => {
    const [port] = (await freePorts(1)) as [number];
    const waiting = probe(`--port=${port}`, '--timeout=1', '--', 'false');
    expect(await waiting.within(4)).toBe('waits');
    const server = await listen(port);
    expect(await waiting.within(60)).toBe(1);
    await close(server);
  });

  test('fails where the port stays closed and nothing recovers', async () => {
    const [port] = (await freePorts(1)) as [number];
    const lost = probe(`--port=${port}`, '--timeout=1', '--recovers=no-such-thread', '--', 'true');
    expect(await lost.within(60)).toBe(1);
    expect(lost.output).toBe(`nothing listens on port ${port}, and nothing recovers\n`);
  });

  test('waits while a thread of that name is there, and some time after it', async () => {
    const [port] = (await freePorts(1)) as [number];
    // A process's first thread is called as its program.
    const recovery = spawn('bash', ['-c', 'printf log-recovery-/v >/proc/self/comm; echo; read -r']);
    await once(recovery.stdout, 'data');
    const waiting = probe(`--port=${port}`, '--timeout=1', '--recovers=log-recovery', '--', 'true');
    expect(await waiting.within(4)).toBe('waits');
    recovery.stdin.end('\n');
    expect(await waiting.within(4)).toBe('waits');
    const server = await listen(port);
    expect(await waiting.within(60)).toBe(0);
    await close(server);
  });

  test.each([[['--port=1', '--timeout=1']], [['--port=1', '--', 'true']], [['--what', '--', 'true']]])(
    'refuses %j',
    async (args) => expect(await probe(...args).within(60)).toBe(64),
  );
});

test("Kafka's fails in seconds where a broker that does not recover has no listener, and passes with one", async () => {
  const [port] = (await freePorts(1)) as [number];
  expect(await new Probe(testOf('kafka', port)).within(60)).toBe(1);
  const server = await listen(port);
  expect(await new Probe(testOf('kafka', port, 30)).within(60)).toBe(0);
  await close(server);
});

describeWithMariadb("MariaDB's health check", () => {
  const server = new TestMariadb();
  const probe = () =>
    new Probe(testOf('mariadb', server.port, 2), {
      ...process.env,
      PATH: `${server.folder}${delimiter}${process.env.PATH}`,
    });
  beforeAll(() => server.initialise());
  afterEach(() => server.stop());
  afterAll(() => server.remove());

  test('waits for a server that recovers from a crash, however long it takes, and then passes', async () => {
    await server.start();
    await server.sql(
      'CREATE DATABASE shop; USE shop; CREATE TABLE t (a TEXT); INSERT INTO t SELECT REPEAT(MD5(seq), 20) FROM seq_1_to_20000',
    );
    await server.stop('SIGKILL');
    await server.begin();
    await server.says('crash recovery');
    server.signal('SIGSTOP');
    const waiting = probe();
    // A check of a server that is there is over in 2 s.
    expect(await waiting.within(60)).toBe('waits');
    server.signal('SIGCONT');
    expect(await waiting.within(30)).toBe(0);
    expect(await server.sql('SELECT COUNT(*) FROM shop.t')).toBe('20000');
  });

  test('waits through a recovery of five minutes, by a clock of its own that is a hundred times as fast', async () => {
    const clock = join(server.folder, 'clock');
    const seconds = () => readFileSync(join(clock, 'seconds'), 'utf8').length;
    mkdirSync(clock);
    writeFileSync(join(clock, 'seconds'), '');
    writeFileSync(join(clock, 'sleep'), `#!/bin/sh\nprintf . >>'${clock}/seconds'\nexec /bin/sleep 0.0$1\n`, {
      mode: 0o755,
    });
    await server.start();
    await server.sql(
      'CREATE DATABASE slow; USE slow; CREATE TABLE t (a TEXT); INSERT INTO t SELECT REPEAT(MD5(seq), 20) FROM seq_1_to_20000',
    );
    await server.stop('SIGKILL');
    await server.begin();
    await server.says('crash recovery');
    server.signal('SIGSTOP');
    const waiting = new Probe(testOf('mariadb', server.port, 2), {
      ...process.env,
      PATH: [clock, server.folder, process.env.PATH].join(delimiter),
    });
    while (seconds() < 300) expect(await waiting.within(0.1)).toBe('waits');
    server.signal('SIGCONT');
    expect(await waiting.within(30)).toBe(0);
    expect(await server.sql('SELECT COUNT(*) FROM slow.t')).toBe('20000');
    // Docker lets one check take so long, and counts no other meanwhile.
    const { json } = workplace.synth(platform);
    expect(json.resource.docker_service.mariadb.task_spec.container_spec.healthcheck.timeout).toBe('1h');
  });

  test('fails in seconds where the server is open and does not answer', async () => {
    await server.start();
    expect(await probe().within(60)).toBe(0);
    server.signal('SIGSTOP');
    const hung = probe();
    const status = await hung.within(10);
    server.signal('SIGCONT');
    expect([1, 124, 143]).toContain(status);
  });

  test('fails where root cannot come in', async () => {
    await server.start();
    await server.sql("ALTER USER 'root'@'localhost' ACCOUNT LOCK");
    const locked = probe();
    expect(await locked.within(60)).toBe(1);
    expect(locked.output).toContain('ERROR');
  });

  test('passes on a server that is full, with an operator in it', async () => {
    await server.start(['--max-connections=10']);
    await server.sql("CREATE USER 'app'@'%' IDENTIFIED BY 'p'");
    const leave = await server.idle('app', 'p', 10);
    const operator = new Probe(['mariadb', '--user=root', '--execute=SELECT SLEEP(60)'], {
      ...process.env,
      PATH: `${server.folder}${delimiter}${process.env.PATH}`,
    });
    expect(await operator.within(2)).toBe('waits');
    const full = probe();
    const status = await full.within(60);
    await operator.stop();
    await leave();
    expect([status, full.output]).toEqual([0, expect.stringMatching(/^ERROR .*1040 /)]);
  });

  test('what it sorts is where its data is, and what a crash left of that is gone at the next start', async () => {
    const data = join(server.folder, 'data');
    const left = join(data, '#sql-temptable-1f-2-3.MAI');
    writeFileSync(left, 'x');
    const { json } = workplace.synth(platform);
    const { args, mounts } = json.resource.docker_service.mariadb.task_spec.container_spec;
    expect(args).toContain('--tmpdir=/var/lib/mysql');
    expect(mounts.find(({ type }: { type: string }) => type === 'volume').target).toBe('/var/lib/mysql');
    await server.start([`--tmpdir=${data}`]);
    expect(await server.sql('SELECT @@tmpdir')).toBe(data);
    expect(existsSync(left)).toBe(false);
    expect(await server.sql('SELECT COUNT(*) > 0 FROM mysql.global_priv')).toBe('1');
  });

  test('one account cannot fill a server that is started as the catalogue says', async () => {
    const { json } = workplace.synth(platform);
    const { args } = json.resource.docker_service.mariadb.task_spec.container_spec;
    const limits = args.filter((arg: string) => /^--(max-|local)/.test(arg));
    expect(limits).toHaveLength(3);
    // The same in small.
    await server.start(limits.map((arg: string) => arg.replace('=300', '=20').replace('=290', '=10')));
    const leave = await server.idle('app', 'p', 10);
    const refused = await server.loginOverTcp('app', 'p');
    const seen = await server.sql('SELECT @@max_connections, @@local_infile');
    await leave();
    expect([refused, seen]).toEqual(['ERROR 1203', '20\t0']);
  });
});
