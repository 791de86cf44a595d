import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { medians, tooSlow } from '../../../../proof/attack';
import { Attacker } from '../../../../proof/attack/attacker';
import type { Attack } from '../../../../proof/attack/attacks';
import type { Measured } from '../../../../proof/runner/measure';
import { attacks, ROUNDS } from '../../../../proof/scenarios/attack';
import { reportOf } from '../../../../proof/watch/attack';
import { clientsIn } from '../../../../proof/watch/doors';

const measured = (name: string, p99: number, failing = 'none') =>
  ({
    scenario: { name, failing, title: name },
    load: { p99, p50: p99 / 2, requests: 100, failed: 1 },
  }) as Measured;

test('an attack that makes the median of its rounds twice as slow is told', () => {
  const quiet = [10, 90, 11].map((p99) => measured('quiet', p99));
  expect(tooSlow([...quiet, ...[21, 500, 20].map((p99) => measured('uploads', p99))])).toBeUndefined();
  expect(tooSlow([...quiet, ...[22, 30, 5].map((p99) => measured('uploads', p99))])).toBe(
    'the p99 is 2 times the quiet one (11 ms) or more: uploads 22 ms',
  );
  expect(tooSlow([...quiet, measured('control', 900, 'must')])).toBeUndefined();
  expect(tooSlow([measured('uploads', 900)])).toBeUndefined();
});

test('the medians of all rounds are a table of their own', () => {
  const all = [10, 90, 11].map((p99) => measured('quiet', p99));
  const table = medians([...all, measured('uploads', 20), measured('control', 900, 'must')]);
  expect(table.split('\n').map((text) => text.trim().split(/\s{2,}/))).toEqual([
    ['attack, all rounds', 'rounds', 'requests', 'failed', 'p50 ms', 'p99 ms', 'times quiet'],
    ['quiet', '3', '300', '3', '6', '11', '1.00'],
    ['uploads', '1', '100', '1', '10', '20', '1.82'],
  ]);
});

const ATTACK: Attack = { name: 'a', title: 'a', most: 100, perSecond: 10, opening: 'GET / HTTP/1.1\r\n\r\n' };
const FROM = '10.213.9.161';
const toll = { tried: 50, opened: 48, ended: 10, held: 40, left: 38, statuses: { 200: 3 } };
const doors = [
  {
    name: 'edge',
    memory: '40MiB / 192MiB',
    disk: 0,
    clients: new Map([
      [FROM, 40],
      ['10.213.9.101', 7],
    ]),
  },
  { name: 'nginx', memory: '90MiB / 640MiB', disk: 5 * 2 ** 20, clients: new Map() },
] as const;
const line = `${FROM} [2026-01-01T00:00:00+00:00] "GET /users HTTP/1.1" 429 0 rt=0.0`;
const killed = '[alert] 1#1: worker process 30 exited on signal 9';
const stopped = `[warn] 30#30: *1 limiting connections by zone "address" while x, client: ${FROM}, server`;
const traces = { toll, doors, logs: [line], from: FROM };

test('a worker that is killed, a disk that is taken and an attack that was none are wrong', () => {
  expect(reportOf(ATTACK, traces)).toMatchObject({
    wrong: [],
    cells: { held: '40', refused: '1', memory: '40MiB, 90MiB', disk: '5.0 MiB' },
  });
  const full = [
    { ...doors[0], clients: new Map() },
    { ...doors[1], disk: 2e9 },
  ];
  expect(
    reportOf(ATTACK, { ...traces, toll: { ...toll, opened: 0 }, doors: full, logs: [killed] }).wrong,
  ).toEqual([
    'nobody attacked',
    `the edge sees no connection from ${FROM}`,
    `nginx's log does not know ${FROM}`,
    '1 workers were killed',
    '1.9 GiB of the disk were taken',
  ]);
});

test('who hangs up at once holds nothing, and who sends nothing is in no log', () => {
  const { opening, ...silent } = ATTACK;
  const none = { ...traces, doors: [{ ...doors[0], clients: new Map() }], logs: [] };
  expect(opening && reportOf({ ...silent, hangsUp: true }, none).wrong).toEqual([]);
});

test('a control has to fail for its reason', () => {
  const reason = { what: 'a worker that was killed', line: /exited on signal 9/ };
  const { wrong, details } = reportOf(ATTACK, { ...traces, logs: [line, killed], reason });
  expect(wrong).toEqual([]);
  expect(details).toEqual(
    expect.arrayContaining(['1 workers were killed', 'a worker that was killed: 1 times']),
  );
  expect(reportOf(ATTACK, { ...traces, reason }).wrong).toEqual([
    'others failed, but not by a worker that was killed',
  ]);
});

test('a classroom has to be served whole', () => {
  const classroom: Attack = { ...ATTACK, end: 'served' };
  const whole = { ...toll, left: 100, statuses: { 200: 100 } };
  expect(reportOf(classroom, { ...traces, toll: whole }).wrong).toEqual([]);
  expect(reportOf(classroom, traces).wrong).toEqual(['3 of 100 were answered, 38 still open at the end']);
});

test('a flood has to be stopped at what an address may have', () => {
  const flood: Attack = { ...ATTACK, end: 'stopped' };
  expect(reportOf(flood, { ...traces, logs: [line, stopped] }).wrong).toEqual([]);
  const clients = new Map([[FROM, 5000]]);
  expect(reportOf(flood, { ...traces, doors: [{ ...doors[0], clients }] }).wrong).toEqual([
    'nothing stopped it',
    'it has 5000 connections, and may have 4000',
  ]);
});

test('who is connected is read from the kernel: established, to a public port', () => {
  const row = (at: number, local: string, remote: string, state: string) =>
    `   ${at}: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000   101        0 1 1 0 20 4 0 10 -1`;
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue',
    row(0, '00000000:01BB', '00000000:0000', '0A'),
    row(1, '050012AC:01BB', 'A109D50A:B0C1', '01'),
    row(2, '050012AC:01BB', 'A109D50A:B0C2', '01'),
    row(3, '050012AC:0050', '0100007F:B0C3', '01'),
    row(4, '050012AC:01BB', 'A109D50A:B0C4', '06'),
    row(5, '050012AC:B0C5', '0600120A:20FB', '01'),
  ].join('\n');
  expect([...clientsIn(table)]).toEqual([
    [FROM, 2],
    ['127.0.0.1', 1],
  ]);
});

test('each attack is made as often as its median wants, and two controls must fail', () => {
  const count = (failing: string) => attacks.filter((one) => one.failing === failing).length;
  expect([count('none'), count('must')]).toEqual([ROUNDS * 13, 2]);
});

describe('an attacker', () => {
  let server: Server;
  const open = new Set<Socket>();
  let texts = '';
  beforeAll(async () => {
    server = createServer((socket) => {
      open.add(socket);
      socket.on('data', (data) => (texts += data));
      socket.on('error', () => {});
      socket.once('close', () => open.delete(socket));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });
  afterAll(() => server.close());

  test('holds no more than it may, opens no faster, and ends with what it has', async () => {
    const { port } = server.address() as AddressInfo;
    const attack = { name: 'a', title: 'a', tls: false, most: 5, perSecond: 40, opening: 'GET' };
    const attacker = new Attacker(attack, { address: '127.0.0.1', port, from: '127.0.0.1' });
    const until = async (holds: () => boolean) => {
      while (!holds()) await new Promise((done) => setTimeout(done, 10));
    };
    attacker.start();
    await until(() => open.size === 5 && texts.length === 15);
    // A sixth would have come by now.
    await new Promise((done) => setTimeout(done, 200));
    expect(open.size).toBe(5);
    open.values().next().value!.destroy();
    await until(() => open.size === 5 && texts.length === 18);
    const toll = attacker.stop();
    expect(toll).toMatchObject({ held: 5, ended: 1, left: 5 });
    expect(toll.tried).toBeLessThanOrEqual(7);
    expect(texts).toMatch(/^(GET){6,7}$/);
    await until(() => open.size === 0);
  });
});
