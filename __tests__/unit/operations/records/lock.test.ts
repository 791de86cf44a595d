import { dropLock, lockInWords, readLock, takeLock } from '../../../../operations/records/lock';
import { askExisting } from '../../../../operations/stack/existing';
import { FakeConfigs } from './releases';

const lock = { who: 'anna@laptop', since: '2026-01-02T03:04:05.678Z', why: 'the data moves' };

test('one holds it, others are told who, since when and why; then it is free again', async () => {
  const swarm = new FakeConfigs();
  expect(await readLock(swarm, 'acme')).toBeUndefined();
  expect(await takeLock(swarm, 'acme', lock)).toBeUndefined();
  expect(await takeLock(swarm, 'acme', { ...lock, who: 'ben@desk' })).toEqual(lock);
  expect(lockInWords((await readLock(swarm, 'acme'))!)).toBe(
    'deploys are locked by anna@laptop since 2026-01-02 03:04 UTC: the data moves',
  );
  expect(await dropLock(swarm, 'acme')).toEqual(lock);
  expect(await dropLock(swarm, 'acme')).toBeUndefined();
});

test('it is of one platform, and none of its strangers', async () => {
  const swarm = new FakeConfigs();
  await takeLock(swarm, 'acme', lock);
  expect(await readLock(swarm, 'other')).toBeUndefined();
  const none = async () => [];
  const all = { configs: async () => swarm.all, networks: none, secrets: none, volumes: none };
  expect(await askExisting(all, 'acme', [])).toEqual([]);
});

test('one that cannot be read locks all the same', async () => {
  const swarm = new FakeConfigs();
  await swarm.createConfig({ Name: 'acme.lock', Labels: { 'proctor.lock': 'acme' }, Data: 'AAAA' });
  expect(await readLock(swarm, 'acme')).toMatchObject({ who: '?' });
});
