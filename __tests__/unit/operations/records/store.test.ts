import { readReleases, writeRelease } from '../../../../operations/records/store';
import { askExisting } from '../../../../operations/stack/existing';
import { FakeConfigs, releaseWith } from './releases';

const { number: _, ...release } = releaseWith({});

test('releases are numbered from one, and read newest first', async () => {
  const swarm = new FakeConfigs();
  for (const who of ['anna', 'ben']) await writeRelease(swarm, 'acme', { ...release, who });
  expect((await readReleases(swarm, 'acme')).map(({ number, who }) => `${number} ${who}`)).toEqual([
    '2 ben',
    '1 anna',
  ]);
});

test('two that deploy at the same moment take a number each', async () => {
  const swarm = new FakeConfigs();
  const numbers = await Promise.all([1, 2, 3].map(() => writeRelease(swarm, 'acme', release)));
  expect(numbers.sort()).toEqual([1, 2, 3]);
});

test('platforms on one Swarm count each for itself', async () => {
  const swarm = new FakeConfigs();
  await writeRelease(swarm, 'acme', release);
  expect(await writeRelease(swarm, 'other', release)).toBe(1);
  expect(await readReleases(swarm, 'acme')).toHaveLength(1);
});

test('the oldest go, and their numbers never come back', async () => {
  const swarm = new FakeConfigs();
  for (let at = 0; at < 6; at += 1) await writeRelease(swarm, 'acme', release, 3);
  expect((await readReleases(swarm, 'acme')).map(({ number }) => number)).toEqual([6, 5, 4]);
});

test('one that cannot be read blocks nothing, and one that cannot be removed fails nothing', async () => {
  const swarm = new FakeConfigs();
  await writeRelease(swarm, 'acme', release);
  await swarm.createConfig({
    Name: 'acme.release.2',
    Labels: { 'proctor.release': 'acme', 'proctor.release.number': '2' },
    Data: 'AAAA',
  });
  const stubborn = { ...swarm, removeConfig: () => Promise.reject(new Error('in use')) };
  expect(await writeRelease(stubborn, 'acme', release, 1)).toBe(3);
  expect((await readReleases(swarm, 'acme')).map(({ number }) => number)).toEqual([3, 1]);
});

test('what else Docker says is no number that is taken', async () => {
  const full = {
    ...new FakeConfigs(),
    createConfig: () => Promise.reject(new Error('no space left on device')),
  };
  await expect(writeRelease(full, 'acme', release)).rejects.toThrow('no space left');
});

test('a record has no label of the stack, which docker stack rm removes by, and is no stranger', async () => {
  const swarm = new FakeConfigs();
  await writeRelease(swarm, 'acme', release);
  const [record] = swarm.all;
  expect(record!.Spec!.Labels).not.toHaveProperty('com.docker.stack.namespace');
  const all = {
    configs: async () => swarm.all,
    networks: async () => [],
    secrets: async () => [],
    volumes: async () => [],
  };
  expect(await askExisting(all, 'acme', [])).toEqual([]);
});
