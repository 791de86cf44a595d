import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { RefusedCounter } from '../../../../operations/status/refused';
import { tooSlow } from '../../../../proof/attack';
import { Attacker } from '../../../../proof/attack/attacker';
import type { Measured } from '../../../../proof/runner/measure';
import { attacks, ROUNDS } from '../../../../proof/scenarios/attack';
import { reportOf } from '../../../../proof/watch/attack';

const measured = (name: string, p99: number, failing = 'none') =>
  ({ scenario: { name, failing }, load: { p99 } }) as Measured;

test('an attack that makes the median of its rounds twice as slow is told', () => {
  const quiet = [10, 90, 11].map((p99) => measured('quiet', p99));
  expect(tooSlow([...quiet, ...[21, 500, 20].map((p99) => measured('uploads', p99))])).toBeUndefined();
  expect(tooSlow([...quiet, ...[22, 30, 5].map((p99) => measured('uploads', p99))])).toBe(
    'the p99 is 2 times the quiet one (11 ms) or more: uploads 22 ms',
  );
  expect(tooSlow([...quiet, measured('control', 900, 'must')])).toBeUndefined();
});

const toll = { tried: 50, ended: 10, held: 40 };
const doors = [
  { name: 'edge', memory: '40MiB / 192MiB', disk: 0 },
  { name: 'nginx', memory: '90MiB / 640MiB', disk: 5 * 2 ** 20 },
] as const;
const killed = () => {
  const counter = new RefusedCounter();
  counter.add('[alert] 1#1: worker process 30 exited on signal 9');
  return counter;
};

test('a worker that is killed, a disk that is taken and an attack that was none are wrong', () => {
  expect(reportOf(toll, doors, new RefusedCounter(), false)).toMatchObject({
    wrong: [],
    cells: { held: '40', memory: '40MiB, 90MiB', disk: '5.0 MiB' },
  });
  const full = [{ ...doors[1], disk: 2e9 }];
  expect(reportOf({ ...toll, tried: 0 }, full, killed(), false).wrong).toEqual([
    '1 workers were killed',
    '1.9 GiB of the disk were taken',
    'nobody attacked',
  ]);
});

test('in a control it is what was to be seen', () => {
  const { wrong, details } = reportOf(toll, doors, killed(), true);
  expect(wrong).toEqual([]);
  expect(details).toContain('1 workers were killed');
});

test('each attack is made as often as its median wants, and two controls must fail', () => {
  const count = (failing: string) => attacks.filter((one) => one.failing === failing).length;
  expect([count('none'), count('must')]).toEqual([ROUNDS * 9, 2]);
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
    attacker.start();
    await new Promise((done) => setTimeout(done, 800));
    expect(open.size).toBe(5);
    open.values().next().value!.destroy();
    await new Promise((done) => setTimeout(done, 400));
    const toll = attacker.stop();
    expect(toll).toMatchObject({ held: 5, ended: 1 });
    expect(toll.tried).toBeLessThanOrEqual(7);
    expect(texts).toMatch(/^(GET){5,7}$/);
    await new Promise((done) => setTimeout(done, 100));
    expect(open.size).toBe(0);
  });
});
