import { assess } from '../../../../operations/status/assess';
import { askRefused, RefusedCounter, refusedInWords } from '../../../../operations/status/refused';
import { render } from '../../../../operations/status/text';
import { NO_COLOURS } from '../../../../operations/terminal/paint';
import { answers, WISH } from './answers';

const answered = (path: string, status = 429) =>
  `203.0.113.7 [2026-01-02T03:00:00+00:00] "GET ${path} HTTP/1.1" ${status} 162 rt=0.000 upstream=- us=- ut=- "curl"`;
const closed = (address: string, zone = 'address') =>
  `2026/01/02 03:00:00 [warn] 30#30: *61 limiting connections by zone "${zone}" while initializing session, client: ${address}, server: 0.0.0.0:443`;
const died = (signal: number) =>
  `2026/01/02 03:00:00 [alert] 1#1: worker process 30 exited on signal ${signal}`;

const count = (...lines: string[]) => {
  const counter = new RefusedCounter();
  counter.add(lines.join('\n'));
  return counter.result();
};

test('counts 429 by the first part of the path, and no other answer', () => {
  const found = count(
    answered('/users/me'),
    answered('/users'),
    answered('/exams/1'),
    answered('/users', 200),
  );
  expect(found.byRoute).toEqual({ '/users': 2, '/exams': 1 });
  expect(refusedInWords(found)).toBe('429 to 3 requests (/users 2, /exams 1)');
});

test('any number of invented paths is a few lines', () => {
  const found = count(...Array.from({ length: 1000 }, (_, at) => answered(`/x${at}`)));
  expect(Object.keys(found.byRoute)).toHaveLength(6);
  expect(found.byRoute.others).toBe(995);
});

test('counts connections that were closed, and of how many addresses', () => {
  const found = count(
    closed('203.0.113.7'),
    closed('203.0.113.7'),
    closed('203.0.113.8'),
    closed('2.2.2.2', 'all'),
  );
  expect(found).toMatchObject({ connections: 3, addresses: 2, full: 1 });
  expect(refusedInWords(found)).toBe(
    '3 connections of 2 addresses with too many; 1 connections because all were taken',
  );
});

test('counts workers that were killed or crashed, not those that were told to end', () => {
  expect(count(died(9), died(11), died(15), died(3)).workers).toBe(2);
});

test('a log that is cut says that it is at least so much', () => {
  expect(refusedInWords(count(answered('/users'), 'x'.repeat(9_000_000)))).toMatch(/^at least 429 to 1 /);
  expect(refusedInWords(count())).toBe('');
});

test('asks nginx and the edge of the stack for their last hour, in so many lines, bytes and seconds', async () => {
  const asked: unknown[] = [];
  const { services, tasks } = answers();
  const doors = ['nginx', 'edge', 'web'].map((name) => ({
    ...services[0]!,
    ID: name,
    Spec: { ...services[0]!.Spec, Name: `shop_${name}` },
  }));
  const running = doors.map(({ ID }) => ({ ...tasks[0]!, ID: `${ID}-task`, ServiceID: ID }));
  const taskLog = async (...args: unknown[]) => {
    asked.push(args);
    if (args[0] === 'edge-task') throw new Error('no such task');
    return answered('/users');
  };
  const now = Date.parse('2026-01-02T03:04:05Z');
  const found = await askRefused({ taskLog } as never, {
    services: doors,
    tasks: running,
    stack: 'shop',
    now,
  });
  const bounds = { since: now / 1000 - 3600, bytes: 8_388_608, seconds: 10 };
  expect(asked).toEqual([
    ['nginx-task', 30_000, expect.objectContaining(bounds)],
    ['edge-task', 30_000, expect.objectContaining(bounds)],
  ]);
  expect(found?.byRoute).toEqual({ '/users': 1 });
});

test('nothing is known where there are neither, or no log can be read', async () => {
  const taskLog = () => Promise.reject(new Error('not now'));
  const now = Date.now();
  expect(await askRefused({ taskLog }, { ...answers(), stack: 'shop', now })).toBeUndefined();
});

test('status shows it, and warns of lost workers and of an entrance that was full', () => {
  const refused = count(answered('/users'), died(9), closed('2.2.2.2', 'all'));
  const status = assess({ ...answers(), refused }, WISH);
  expect(render(status, NO_COLOURS)).toMatch(
    /\nrefused +429 to 1 requests \(\/users 1\);.*, in the last hour\n/,
  );
  expect(status.warnings).toEqual([
    expect.stringMatching(/^nginx or the edge lost a worker .* raise limits\.memory$/),
    expect.stringMatching(/^1 connections were refused .* connectionsPerAddress is too low$/),
  ]);
  expect(status.ok).toBe(true);
  expect(assess(answers(), WISH).refused).toBeNull();
});
