import type { LoadPlan } from '../../../../proof/load/plan';
import { underLoad, type Watch } from '../../../../proof/load/under-load';

/** A generator that sends nothing and says so when it is stopped. */
const generator = [
  process.execPath,
  '-e',
  `console.log('started'); process.stdin.resume().on('end', () => console.log('{"requests":7}'))`,
];
const plan: LoadPlan = {
  target: { address: '127.0.0.1', port: 1, tls: false },
  streams: [],
  maxSeconds: 60,
  maxRequests: 10,
  timeoutSeconds: 1,
};

const log: string[] = [];
beforeEach(() => log.splice(0));
const watch: Watch<string> = {
  start: () => void log.push('start'),
  stop: () => void log.push('stop'),
  report: ({ requests }) => `${requests} requests`,
};

test('watches begin before the work, end after it, and report what the load was', async () => {
  const done = await underLoad({ plan, watches: [watch, { report: () => 5 }], generator }, async () => {
    log.push('work');
    return 'done';
  });
  expect(log).toEqual(['start', 'work', 'stop']);
  expect(done).toMatchObject({ result: 'done', load: { requests: 7 }, seen: ['7 requests', 5] });
});

test('work that throws ends load and watches, and its error is the one that is told', async () => {
  const work = () => Promise.reject(new Error('the deploy broke'));
  await expect(underLoad({ plan, watches: [watch], generator }, work)).rejects.toThrow('the deploy broke');
  expect(log).toEqual(['start', 'stop']);
});

test('a watch that cannot begin ends the others, and no load is sent', async () => {
  const broken: Watch<number> = {
    start: () => {
      throw new Error('no token');
    },
    report: () => 0,
  };
  const work = async () => log.push('work');
  await expect(underLoad({ plan, watches: [watch, broken], generator }, work)).rejects.toThrow('no token');
  expect(log).toEqual(['start', 'stop']);
});
