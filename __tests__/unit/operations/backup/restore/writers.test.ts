import {
  forgetStopped,
  isBeingRestored,
  jobsOf,
  noteWriters,
  readStillStopped,
  readStopped,
  startWriters,
  stopWriters,
} from '../../../../../operations/backup/writers';
import { FakeSwarm } from './fake-swarm';

jest.mock('../../../../../operations/rollback/watch-return', () => ({
  watchReturn: async (_: unknown, name: string) =>
    name === 'shop_bad'
      ? { outcome: 'timedOut', reason: 'never healthy' }
      : { outcome: 'converged', reason: '' },
}));
afterEach(() => {
  jest.useRealTimers();
});

const said: string[] = [];
const say = (line: string) => said.push(line);
const stop = async (swarm: FakeSwarm, names: readonly string[]) => {
  const stopped = await noteWriters(swarm.docker, 'shop', names);
  await stopWriters(swarm.docker, names);
  return stopped;
};

test('who writes is stopped, remembered in the Swarm, and comes back as it was', async () => {
  const swarm = new FakeSwarm({ shop_api: 3, shop_web: 1, shop_nginx: 1 });
  const stopped = await stop(swarm, ['shop_api', 'shop_web']);
  expect(swarm.replicas).toEqual({ shop_api: 0, shop_web: 0, shop_nginx: 1 });
  expect(await readStopped(swarm.docker, 'shop')).toEqual(stopped);
  expect(await startWriters(swarm.client, 'shop', stopped, say)).toEqual([]);
  expect(swarm.replicas).toEqual({ shop_api: 3, shop_web: 1, shop_nginx: 1 });
  expect(await readStopped(swarm.docker, 'shop')).toBeUndefined();
});

test('after a restore that was cut off, they come back as they were before it', async () => {
  const swarm = new FakeSwarm({ shop_api: 3 });
  const first = await stop(swarm, ['shop_api']);
  const again = await stop(swarm, ['shop_api']);
  expect(again).toEqual(first);
  await startWriters(swarm.client, 'shop', again, say);
  expect(swarm.replicas).toEqual({ shop_api: 3 });
});

test('what runs now counts, and not what an old note says of it', async () => {
  const swarm = new FakeSwarm({ shop_api: 2, shop_web: 2 });
  await stop(swarm, ['shop_api', 'shop_web']);
  // A deploy has started both, one of them with more tasks.
  Object.assign(swarm.replicas, { shop_api: 4, shop_web: 1 });
  const again = await stop(swarm, ['shop_api']);
  expect(again.replicas).toEqual({ shop_api: 4 });
  await startWriters(swarm.client, 'shop', again, say);
  expect(swarm.replicas).toEqual({ shop_api: 4, shop_web: 1 });
});

test('it is told as long as one is stopped, and forgotten by a deploy that has started all', async () => {
  const swarm = new FakeSwarm({ shop_api: 2, shop_web: 2 });
  const stopped = await stop(swarm, ['shop_api', 'shop_web']);
  swarm.replicas.shop_api = 2;
  await forgetStopped(swarm.docker, 'shop');
  expect(await readStillStopped(swarm.docker, 'shop')).toEqual(stopped);
  swarm.replicas.shop_web = 2;
  expect(await readStillStopped(swarm.docker, 'shop')).toBeUndefined();
  await forgetStopped(swarm.docker, 'shop');
  expect(swarm.configsThere.size).toBe(0);
});

test('a restore is under way while its job is and who writes is stopped', async () => {
  const swarm = new FakeSwarm({ shop_api: 2 });
  const job = { of: 'shop_backup', kind: 'backup restore', state: 'running' };
  swarm.jobs['shop_backup-restore-job'] = job;
  // Beside what is in use: nobody is stopped for it.
  expect(await isBeingRestored(swarm.docker, 'shop')).toBe(false);
  await noteWriters(swarm.docker, 'shop', ['shop_api']);
  await stopWriters(swarm.docker, ['shop_api']);
  expect(await isBeingRestored(swarm.docker, 'shop')).toBe(true);
  expect(await isBeingRestored(swarm.docker, 'other')).toBe(false);
  // It was cut off, and a deploy may start them.
  job.state = 'failed';
  expect(await isBeingRestored(swarm.docker, 'shop')).toBe(false);
});

test('one that does not come back is told, and it stays remembered', async () => {
  const swarm = new FakeSwarm({ shop_bad: 1, shop_api: 1 });
  const stopped = await stop(swarm, ['shop_bad', 'shop_api']);
  expect(await startWriters(swarm.client, 'shop', stopped, say)).toEqual(['shop_bad: never healthy']);
  expect(await readStopped(swarm.docker, 'shop')).toEqual(stopped);
});

test('what is not there yet is not waited for', async () => {
  const swarm = new FakeSwarm({});
  const stopped = await stop(swarm, ['shop_api']);
  expect(stopped.replicas).toEqual({});
  expect(await startWriters(swarm.client, 'shop', stopped, say)).toEqual([]);
});

test('each task is waited for until it has ended, one that only starts, too', async () => {
  jest.useFakeTimers();
  const swarm = new FakeSwarm({ shop_api: 1 });
  swarm.lingering.shop_api = ['running', 'starting'];
  let done = false;
  const stopping = stopWriters(swarm.docker, ['shop_api']).then(() => {
    done = true;
  });
  await jest.advanceTimersByTimeAsync(1_500);
  expect(done).toBe(false);
  await jest.advanceTimersByTimeAsync(1_000);
  await stopping;
});

test('who does not stop is named', async () => {
  jest.useFakeTimers();
  const swarm = new FakeSwarm({ shop_api: 1, shop_web: 1 });
  swarm.lingering.shop_web = Array(1000).fill('running');
  const stopping = expect(stopWriters(swarm.docker, ['shop_api', 'shop_web'])).rejects.toThrow(
    /^shop_web did not stop within 180 s: nothing was replaced\n/,
  );
  await jest.advanceTimersByTimeAsync(200_000);
  await stopping;
});

test('a command that somebody runs in one of them is waited for like its tasks', async () => {
  jest.useFakeTimers();
  const swarm = new FakeSwarm({ shop_api: 1 });
  swarm.jobs['shop_api-run-1'] = { of: 'shop_api', state: 'running' };
  swarm.jobs['shop_web-run-2'] = { of: 'shop_web', state: 'running' };
  expect(await jobsOf(swarm.docker, ['shop_api'])).toEqual(['shop_api-run-1']);
  const stopping = expect(stopWriters(swarm.docker, ['shop_api'])).rejects.toThrow(/^shop_api-run-1 did/);
  await jest.advanceTimersByTimeAsync(200_000);
  await stopping;
  swarm.jobs['shop_api-run-1'] = { of: 'shop_api', state: 'complete' };
  expect(await jobsOf(swarm.docker, ['shop_api'])).toEqual([]);
});
