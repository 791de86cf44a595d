import type { PlaceSettings } from '../../../../contract/place';
import type { DockerClient } from '../../../../operations/docker/client';
import { after, before, runPlace } from '../../../../operations/place/main';
import { readMarker, writeMarker } from '../../../../operations/place/marker';
import { askExisting } from '../../../../operations/stack/existing';
import { strangersOf } from '../../../../operations/stack/strangers';
import { LABEL, labelled, node, PINNED, placed, Swarm, VOLUME } from './swarm';

const settings = (phase: PlaceSettings['phase'], constraints = [PINNED]): PlaceSettings => ({
  ...placed({ constraints }),
  host: 'unix:///nowhere',
  phase,
});
const asDocker = (swarm: Swarm) => swarm as unknown as DockerClient;

describe('before the service', () => {
  test('the node of its task is labelled, its other labels stay', async () => {
    const swarm = new Swarm();
    swarm.nodesOf = [node('a'), node('b', { Labels: { zone: 'x' } })];
    swarm.run('b');
    const { problems, said } = await before(asDocker(swarm), settings('before'));
    expect([problems, said.length]).toEqual([[], 1]);
    expect(swarm.done).toEqual([`node b at 7: {"zone":"x","${LABEL}":"true"}`]);
  });

  test('where nobody could look at the other nodes, that is told', async () => {
    const swarm = new Swarm();
    swarm.nodesOf = [node('a'), node('b')];
    const { said } = await before(asDocker(swarm), settings('before'));
    expect(said).toEqual([
      expect.stringMatching(
        /^nothing remembers data of shop_mariadb, and the volumes of host-b cannot be seen/,
      ),
      expect.stringMatching(/^ {2}look there: docker volume ls/),
      expect.stringMatching(/^the node host-a is labelled/),
    ]);
  });

  test('once: what is labelled stays as it is', async () => {
    const swarm = new Swarm();
    swarm.nodesOf = [labelled('a')];
    swarm.run('a');
    expect(await before(asDocker(swarm), settings('before'))).toEqual({ problems: [], said: [] });
    expect(swarm.done).toEqual([]);
  });

  test('again where somebody else has changed the node meanwhile, and not for ever', async () => {
    const swarm = new Swarm();
    swarm.faster = 2;
    await before(asDocker(swarm), settings('before'));
    expect(swarm.done).toHaveLength(1);
    const busy = Object.assign(new Swarm(), { faster: 99 });
    await expect(before(asDocker(busy), settings('before'))).rejects.toThrow('out of sequence');
  });

  test('nothing is labelled where nothing asks for it, nor where it is refused', async () => {
    const swarm = new Swarm();
    await before(asDocker(swarm), settings('before', ['node.role==manager']));
    swarm.nodesOf = [node('a'), node('b')];
    expect((await before(asDocker(swarm), settings('before', ['node.role==manager']))).problems).toHaveLength(
      1,
    );
    expect(swarm.done).toEqual([]);
  });
});

describe('after it', () => {
  test('that there is data is remembered once, with the node', async () => {
    const swarm = new Swarm();
    swarm.run('a');
    const { said } = await after(asDocker(swarm), settings('after'));
    expect(said).toEqual(['remembered in the config data.shop_mariadb: shop_mariadb has data on host-a']);
    expect(await after(asDocker(swarm), settings('after'))).toEqual({ problems: [], said: [] });
    expect(swarm.done).toEqual(['create data.shop_mariadb']);
    expect(await readMarker(asDocker(swarm), 'shop_mariadb')).toMatchObject({
      node: 'a',
      hostname: 'host-a',
    });
  });

  test('a service without a task leaves nothing, and says so', async () => {
    const swarm = new Swarm();
    expect((await after(asDocker(swarm), settings('after'))).problems).toMatchObject([
      { text: 'no task of shop_mariadb runs' },
    ]);
    expect(swarm.done).toEqual([]);
  });

  test('of two that remember at the same time, both have', async () => {
    const swarm = new Swarm();
    const late = { ...swarm, configs: async () => [], createConfig: swarm.createConfig };
    await writeMarker(asDocker(swarm), 'shop_mariadb', { node: 'a', hostname: 'host-a' });
    await writeMarker(late as unknown as DockerClient, 'shop_mariadb', { node: 'a', hostname: 'host-a' });
    expect(swarm.kept.size).toBe(1);
  });
});

test('then a volume that is gone is refused, and one that is back is not', async () => {
  const swarm = new Swarm();
  swarm.nodesOf = [labelled('a')];
  swarm.run('a');
  await after(asDocker(swarm), settings('after'));
  Object.assign(swarm, { serviceNames: [], tasksOf: [] });
  const refusal = async () =>
    (await before(asDocker(swarm), settings('before'))).problems.map(({ text }) => text);
  expect(await refusal()).toEqual([expect.stringMatching(/^the volume shop_mariadb_data is not there/)]);
  Object.assign(swarm, { volumeNames: [VOLUME], files: false });
  expect(await refusal()).toEqual([expect.stringMatching(/^the volume shop_mariadb_data is empty/)]);
  swarm.files = true;
  expect(await refusal()).toEqual([]);
});

test('what remembers is nothing of the stack: no stranger, whatever is called like it', async () => {
  const swarm = new Swarm();
  await writeMarker(asDocker(swarm), 'shop_mariadb', { node: 'a', hostname: 'host-a' });
  const asked = Object.assign(swarm, { networks: async () => [], secrets: async () => [] });
  const existing = await askExisting(asDocker(asked), 'shop', []);
  expect(strangersOf(existing, { namespace: 'shop', names: [], ids: [] })).toEqual([]);
});

test.each([
  [undefined, /PLACE is not set/],
  ['[', /PLACE is not a JSON object/],
  [JSON.stringify({ ...settings('before'), service: '' }), /PLACE: service is missing/],
  [JSON.stringify({ ...settings('before'), volumes: [1] }), /PLACE: volumes is missing or not usable/],
  [JSON.stringify({ ...settings('before'), phase: 'during' }), /PLACE: phase/],
])('input that makes no sense ends with 2: %p', async (PLACE, expected) => {
  const errors: string[] = [];
  const code = await runPlace({ env: { PLACE }, print: () => {}, printError: (line) => errors.push(line) });
  expect(code).toBe(2);
  expect(errors.join()).toMatch(expected);
});
