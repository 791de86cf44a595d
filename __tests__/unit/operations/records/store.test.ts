import { unpack } from '../../../../operations/records/packed';
import {
  newestFailed,
  readEveryonesReleases,
  readReleases,
  writeRelease,
} from '../../../../operations/records/store';
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
  expect([...(await readEveryonesReleases(swarm))].map(([name, { length }]) => [name, length])).toEqual([
    ['acme', 1],
    ['other', 1],
  ]);
});

test('the oldest go, and their numbers never come back', async () => {
  const swarm = new FakeConfigs();
  for (let at = 0; at < 6; at += 1) await writeRelease(swarm, 'acme', release, 3);
  expect((await readReleases(swarm, 'acme')).map(({ number }) => number)).toEqual([6, 5, 4]);
});

test('the newest three that converged stay, however many failed since', async () => {
  const swarm = new FakeConfigs();
  const numbers = async () => (await readReleases(swarm, 'acme')).map(({ number }) => number);
  for (let at = 0; at < 4; at += 1) await writeRelease(swarm, 'acme', release, 2);
  expect(await numbers()).toEqual([4, 3, 2]);
  const failed = { ...release, outcome: 'rolledBack', exitCode: 2 };
  for (let at = 0; at < 5; at += 1) await writeRelease(swarm, 'acme', failed, 2);
  expect(await numbers()).toEqual([9, 8, 4, 3, 2]);
  await writeRelease(swarm, 'acme', release, 2);
  expect(await numbers()).toEqual([10, 9, 4, 3]);
});

test('the newest that failed is found without reading one that converged', async () => {
  const swarm = new FakeConfigs();
  const failed = { ...release, outcome: 'probe', exitCode: 1 };
  const asked = jest.fn(swarm.configs);
  const found = async () => (await newestFailed({ configs: asked }, 'acme'))?.number;
  const read = async () =>
    (await Promise.all(asked.mock.results.map(({ value }) => value))).flat().map(({ Spec }) => Spec?.Name);
  await writeRelease(swarm, 'acme', release);
  await writeRelease(swarm, 'other', failed);
  expect(await found()).toBeUndefined();
  expect(await read()).toEqual([]);
  await writeRelease(swarm, 'acme', failed);
  await writeRelease(swarm, 'acme', failed);
  expect(await found()).toBe(3);
  expect(await read()).toEqual(['acme.release.2', 'acme.release.3']);
});

test('one that failed is not the newest where any came after it', async () => {
  const swarm = new FakeConfigs();
  const failed = { ...release, outcome: 'probe', exitCode: 1 };
  await writeRelease(swarm, 'acme', failed);
  expect(await newestFailed(swarm, 'acme')).toMatchObject({ number: 1, outcome: 'probe' });
  await writeRelease(swarm, 'acme', release);
  expect(await newestFailed(swarm, 'acme')).toBeUndefined();
});

test.each<[string, unknown]>([
  ['nothing', null],
  ['a number', 5],
  ['a list', []],
  ['no services', { ...release, number: 7, services: undefined }],
  ['services that are none', { ...release, number: 7, services: ['web'] }],
  ['no images', { ...release, number: 7, images: null }],
])('one that is JSON and no release is passed over, too: %s', async (_, record) => {
  const swarm = new FakeConfigs();
  await swarm.createConfig({
    Name: 'acme.release.7',
    Labels: { 'proctor.release': 'acme', 'proctor.release.number': '7' },
    Data: Buffer.from(JSON.stringify(record)).toString('base64'),
  });
  expect(await writeRelease(swarm, 'acme', release)).toBe(8);
  expect((await readReleases(swarm, 'acme')).map(({ number }) => number)).toEqual([8]);
});

test('a stack that was damaged there says so, and what to do', () => {
  for (const packed of ['', 'AAAA', Buffer.from('{}').toString('base64')]) {
    expect(() => unpack({ number: 41, packed })).toThrow(
      /^the record of release 41 is damaged\n {2}choose another one/,
    );
  }
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
