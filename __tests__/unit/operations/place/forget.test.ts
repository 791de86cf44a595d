import { dirname } from 'node:path';
import type { DockerClient } from '../../../../operations/docker/client';
import { forget, runForget } from '../../../../operations/place/forget';
import { readMarker, writeMarker } from '../../../../operations/place/marker';
import { UsageError } from '../../../../operations/terminal/usage-error';
import { LABEL, labelled, node, Swarm, VOLUME } from './swarm';

async function remembering(): Promise<Swarm> {
  const swarm = Object.assign(new Swarm(), { nodesOf: [labelled('a'), node('b')] });
  await writeMarker(swarm as unknown as DockerClient, 'shop_mariadb', { node: 'a', hostname: 'host-a' });
  swarm.done.length = 0;
  return swarm;
}
const forgetting = (swarm: Swarm, id = 'mariadb', backends = ['mariadb']) =>
  forget(swarm as unknown as DockerClient, 'shop', id, backends);

test('what is remembered goes, and so does the label, so that it may start on another node', async () => {
  const swarm = await remembering();
  expect(await forgetting(swarm)).toEqual([
    'forgotten: shop_mariadb has had data on host-a since 2026-11-27',
    `the label ${LABEL} is gone from host-a`,
    expect.stringContaining('the next deploy takes what it finds'),
  ]);
  expect(swarm.done).toEqual(['remove data.shop_mariadb', 'node a at 7: {}']);
});

test('what runs keeps its label: without it, Swarm would stop it', async () => {
  const swarm = await remembering();
  swarm.run('a');
  expect(await forgetting(swarm)).toEqual([
    expect.stringMatching(/^forgotten: /),
    'it runs, and what it runs on counts, new or restored',
    'remembered in the config data.shop_mariadb: shop_mariadb has data on host-a',
    // Which of its volumes have data, a marker of an older version does not say.
    'its next change gives its data an id',
  ]);
  expect(swarm.done).toEqual(['remove data.shop_mariadb', 'create data.shop_mariadb']);
});

test('what runs is remembered in place of what was: what comes after it is not taken for it', async () => {
  const swarm = new Swarm();
  const at = { node: 'a', hostname: 'host-a', data: { id: 'of-the-old-data', volumes: [VOLUME] } };
  await writeMarker(swarm as unknown as DockerClient, 'shop_mariadb', at);
  swarm.run('a');
  expect((await forgetting(swarm)).slice(1)).toEqual([
    'it runs, and what it runs on counts, new or restored',
    'remembered in the config data.shop_mariadb: shop_mariadb has data on host-a',
  ]);
  const { data } = (await readMarker(swarm as unknown as DockerClient, 'shop_mariadb'))!;
  expect(data).toEqual({ id: swarm.fileWithId?.trim(), volumes: [VOLUME] });
  expect(data!.id).not.toBe('of-the-old-data');
});

test('of several volumes the one that is the old one passes its id on to none', async () => {
  const files = new Map([
    ['/var/lib/mysql', 'of-the-old-data'],
    ['/var/log/mysql', 'of-what-came'],
  ]);
  const volumes = [VOLUME, 'shop_mariadb_logs'];
  const mounts = volumes.map((Name, i) => ({ Type: 'volume', Name, Destination: [...files.keys()][i]! }));
  const swarm = Object.assign(new Swarm(), {
    container: async () => ({ Mounts: mounts }),
    fileIn: async (_: string, path: string) => files.get(dirname(path)),
    putFile: async (_: string, folder: string, { content }: { content: string }) => {
      files.set(folder, content.trim());
    },
  });
  const at = { node: 'a', hostname: 'host-a', data: { id: 'of-the-old-data', volumes } };
  await writeMarker(swarm as unknown as DockerClient, 'shop_mariadb', at);
  swarm.run('a');
  await forgetting(swarm);
  const { id } = (await readMarker(swarm as unknown as DockerClient, 'shop_mariadb'))!.data!;
  expect([...files.values()]).toEqual([id, id]);
  expect(['of-the-old-data', 'of-what-came']).not.toContain(id);
});

test('what runs and cannot be written to is remembered without an id, and that is said', async () => {
  const swarm = new Swarm();
  const at = { node: 'a', hostname: 'host-a', data: { id: 'of-the-old-data', volumes: [VOLUME] } };
  await writeMarker(swarm as unknown as DockerClient, 'shop_mariadb', at);
  swarm.run('a');
  swarm.fault = new Error('the disk is full');
  expect((await forgetting(swarm)).at(-1)).toMatch(/^its data has no id \(the disk is full\)/);
  expect(await readMarker(swarm as unknown as DockerClient, 'shop_mariadb')).toMatchObject({ node: 'a' });
});

test('what is said to run on another node is not remembered there: the node may be gone', async () => {
  const swarm = await remembering();
  swarm.run('a');
  swarm.here = 'b';
  expect((await forgetting(swarm)).at(-1)).toMatch(/; its next change remembers where$/);
  expect(swarm.done).toEqual(['remove data.shop_mariadb']);
});

test('where it cannot be remembered, that is said', async () => {
  const swarm = await remembering();
  swarm.run('a');
  swarm.createConfig = () => Promise.reject(new Error('the server is gone'));
  await expect(forgetting(swarm)).rejects.toThrow(
    'nothing is remembered of shop_mariadb now: the server is gone\nrun it again',
  );
});

test('nothing to forget is said, and no error', async () => {
  const swarm = new Swarm();
  expect((await forgetting(swarm))[0]).toBe('nothing is remembered of shop_mariadb');
  expect(swarm.done).toEqual([]);
});

test('says which server it is about before it asks it anything', async () => {
  const out = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const error = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    const target = { host: 'unix:///nonexistent.sock', sshOptions: [], publicHost: 'localhost' };
    expect(await runForget({ target, stack: 'shop', service: 'mariadb', backends: [] })).toBe(6);
    expect(out.mock.calls).toEqual([['shop at unix:///nonexistent.sock\n']]);
  } finally {
    out.mockRestore();
    error.mockRestore();
  }
});

describe('a name that is misspelt', () => {
  test('is refused, and what could be meant is named', async () => {
    const swarm = new Swarm();
    for (const service of ['shop_mariadb', 'other_redis'])
      await writeMarker(swarm as unknown as DockerClient, service, { node: 'a', hostname: 'host-a' });
    swarm.done.length = 0;
    await expect(forgetting(swarm, 'mariabd', ['kafka'])).rejects.toThrow(
      new UsageError(
        'mariabd is no backend of the catalogue, no service of shop, and nothing is remembered of it\nname one of: backup, kafka, mariadb',
      ),
    );
    expect(swarm.done).toEqual([]);
  });

  test('is none where a service, a memory or a label of a node has it', async () => {
    const asked: ((swarm: Swarm) => unknown)[] = [
      (swarm) => swarm.run('a'),
      (swarm) => writeMarker(swarm as unknown as DockerClient, 'shop_mariadb', { node: 'a', hostname: 'a' }),
      (swarm) => Object.assign(swarm, { nodesOf: [labelled('a')] }),
    ];
    for (const has of asked) {
      const swarm = new Swarm();
      await has(swarm);
      expect(await forgetting(swarm, 'mariadb', [])).not.toEqual([]);
    }
  });
});
