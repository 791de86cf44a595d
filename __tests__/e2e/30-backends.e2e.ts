import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { stopEngine } from '../../lab/engine/engine';
import { eventually } from '../../lab/ground/shell';
import { post, tell } from './support/http';
import {
  describeLab,
  expectSuccess,
  npmRunLab,
  operator,
  runningLab,
  runningTarget,
  tasks,
} from './support/lab';

const rowsOf = async (path: string): Promise<string> => JSON.stringify((await tell(`${path}/rows`)).rows);

const restart = (service: string) =>
  operator('service', 'update', '--quiet', '--force', `proctorwise_${service}`);

/** Within a minute: on a busy machine a broker that has just started takes its time for the first record. */
const isTaken = (path: string, mark: string) =>
  eventually(60, () =>
    post(path, { mark }).then(
      ({ status }) => status === 201,
      () => false,
    ),
  );

describeLab('what is behind the applications', () => {
  test('a password with every printable ASCII character opens the database', async () => {
    const password = runningTarget().secrets.db_password ?? '';
    expect(new Set(password)).toEqual(
      new Set(Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i))),
    );
    expect(await tell('/corrections')).toMatchObject({ status: 200, database: 'ok' });
  });

  test('a token signed by one task is accepted, a forged one is not', async () => {
    const { token } = await post('/users/token', { sub: 'anna' });
    const me = await tell('/users/me', { headers: { authorization: `Bearer ${token}` } });
    expect(me).toMatchObject({ status: 200, claims: { sub: 'anna' } });
    const forged = await tell('/users/me', { headers: { authorization: `Bearer ${token}x` } });
    expect(forged.status).toBe(401);
  });

  test('a reservation travels through Kafka to notification, which mails it', async () => {
    const mark = randomUUID();
    expect(await post('/reservations', { mark, email: 'candidate@example.org' })).toMatchObject({
      status: 201,
    });
    const arrived = async () =>
      JSON.stringify((await tell('/notifications/messages')).messages).includes(mark);
    expect(await eventually(60, arrived)).toBe(true);
    const { mails } = runningLab().paths;
    // The first mail makes the file.
    const mailed = () =>
      (existsSync(mails) ? readFileSync(mails, 'utf8') : '').split('\n').find((line) => line.includes(mark));
    expect(await eventually(30, () => mailed() !== undefined)).toBe(true);
    expect(JSON.parse(mailed()!)).toMatchObject({
      to: ['candidate@example.org'],
      subject: 'exam_scheduled',
      // Its certificate is verified: by the lab's own CA, which the catalogue's caFile names and no image knows.
      tls: true,
    });
  });

  test("Kafka's controller listens on the loopback address alone, and its topics have their share of the disk", async () => {
    const id = await operator('ps', '--quiet', '--filter', 'name=proctorwise_kafka.');
    const inBroker = (...command: string[]) => operator('exec', id.trim(), ...command);
    const listening = await inBroker('cat', '/proc/net/tcp', '/proc/net/tcp6');
    const at = (port: number) =>
      [...listening.matchAll(/ ([0-9A-F]+):([0-9A-F]{4}) [0-9A-F]+:0000 0A /g)]
        .filter(([, , found]) => parseInt(found!, 16) === port)
        .map(([, address]) => address);
    expect(at(9093)).toEqual([expect.stringMatching(/0100007F$/)]);
    expect(at(9092)).toEqual([expect.stringMatching(/^0+$/)]);
    const topic = ['--describe', '--all', '--topic', 'exam_scheduled'];
    const settings = await inBroker(
      ...['/opt/kafka/bin/kafka-configs.sh', '--bootstrap-server', 'localhost:9092', ...topic],
    );
    expect(settings).toMatch(/\bretention\.bytes=805306368\b/);
    expect(settings).toMatch(/\bsegment\.bytes=134217728\b/);
  });

  test("an application's account does what it needs in its own database, and nothing in another's", async () => {
    const asApplication = async (service: string, sql: string) => {
      const task = `label=com.docker.swarm.service.name=proctorwise_${service}`;
      const [id = ''] = (await operator('ps', '--quiet', '--filter', task)).split('\n');
      const program = [
        'import os, sys, sqlalchemy',
        'engine = sqlalchemy.create_engine(os.environ["DATABASE_URL"])',
        'try:',
        '  with engine.begin() as c: c.execute(sqlalchemy.text(sys.argv[1])); print("done")',
        'except Exception as e: print(e.orig.args[0])',
      ].join('\n');
      return (await operator('exec', id, '/bin/sh', '/launch', 'python3', '-c', program, sql)).trim();
    };
    const table = 'proctorwise_corrections.records';
    expect(await asApplication('correctionservice', `SELECT 1 FROM ${table} LIMIT 1`)).toBe('done');
    expect(await asApplication('correctionservice', 'ALTER TABLE records COMMENT = "mine"')).toBe('done');
    expect(await asApplication('analyticsservice', `SELECT 1 FROM ${table} LIMIT 1`)).toBe('done');
    expect(await asApplication('analyticsservice', `DELETE FROM ${table}`)).toBe('1142');
    expect(await asApplication('correctionservice', 'DROP TABLE records')).toBe('1142');
    expect(await asApplication('userservice', `SELECT 1 FROM ${table} LIMIT 1`)).toBe('1142');
  });

  test('a row survives the restart of MariaDB and Kafka, under applications that run on', async () => {
    const mark = randomUUID();
    expect(await post('/corrections', { mark })).toMatchObject({ status: 201 });
    const before = await tasks();
    await Promise.all(['mariadb', 'kafka'].map(restart));
    expect((await tasks()).filter((task) => !before.includes(task))).toHaveLength(2);
    expect(await rowsOf('/corrections')).toContain(mark);
    const isBack = async () => (await tell('/reservations')).broker === 'ok';
    expect(await eventually(60, isBack)).toBe(true);
  });

  test('a row survives the restart of the engine, and with it of every service', async () => {
    const mark = randomUUID();
    expect(await isTaken('/monitoring', mark)).toBe(true);
    const before = await tasks();
    await stopEngine(runningLab().paths);
    expectSuccess(await npmRunLab());
    expect((await tasks()).filter((task) => before.includes(task))).toEqual([]);
    expect(await rowsOf('/monitoring')).toContain(mark);
    // All started at once. Its producer would stay broken, had it met a broker that was not ready yet.
    expect(await isTaken('/monitoring', mark)).toBe(true);
  });
});
