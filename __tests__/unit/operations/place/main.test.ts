import type { PlaceSettings } from '../../../../contract/place';
import type { DockerClient } from '../../../../operations/docker/client';
import { forget } from '../../../../operations/place/forget';
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
    expect(swarm.done).toEqual(['put /var/lib/mysql/.proctorwise-data into x', 'create data.shop_mariadb']);
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

describe('the id of the data', () => {
  const FILE = '/var/lib/mysql/.proctorwise-data';
  const remember = (swarm: Swarm) => after(asDocker(swarm), settings('after'));
  const marker = (swarm: Swarm) => readMarker(asDocker(swarm), 'shop_mariadb');
  const running = (more: Partial<Swarm> = {}) => {
    const swarm = Object.assign(new Swarm(), { nodesOf: [labelled('a')] }, more);
    swarm.run('a');
    return swarm;
  };
  const refusals = async (swarm: Swarm) =>
    (await before(asDocker(swarm), settings('before'))).problems.map(({ text }) => text);
  const OTHER = /^shop_mariadb runs on other data than that which has been on host-a since 2026-11-27/;

  test('is in its volume and in what remembers it, and each data has another', async () => {
    const [one, two] = [running(), running()];
    await remember(one);
    await remember(two);
    const { id } = (await marker(one))!.data!;
    expect(one.fileWithId).toBe(`${id}\n`);
    expect((await marker(one))!.data).toEqual({ id, volumes: [VOLUME] });
    expect((await marker(two))!.data!.id).not.toBe(id);
    expect(await refusals(one)).toEqual([]);
  });

  test('comes with data that was copied from elsewhere', async () => {
    const swarm = running({ fileWithId: 'copied-with-it\n' });
    await remember(swarm);
    expect((await marker(swarm))!.data!.id).toBe('copied-with-it');
    expect(swarm.done).toEqual(['create data.shop_mariadb']);
  });

  test('is no longer what anybody else has written there', async () => {
    const swarm = running({ fileWithId: 'a label, "or" so' });
    await remember(swarm);
    expect((await marker(swarm))!.data!.id).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('is added where an older version has remembered it, and since when stays', async () => {
    const swarm = running();
    await writeMarker(asDocker(swarm), 'shop_mariadb', { node: 'a', hostname: 'host-a' });
    const was = (await marker(swarm))!;
    expect(await refusals(swarm)).toEqual([]);
    swarm.done.length = 0;
    await remember(swarm);
    expect(swarm.done).toEqual([`put ${FILE} into x`, 'config data.shop_mariadb at 3']);
    const { id } = (await marker(swarm))!.data!;
    expect(await marker(swarm)).toEqual({ ...was, data: { id, volumes: [VOLUME] } });
    // Docker takes a change of labels only.
    expect([...swarm.kept.values()]).toEqual([
      { Name: 'data.shop_mariadb', Data: expect.any(String), Labels: expect.any(Object) },
    ]);
  });

  test.each([
    ['has none: it has come up as a new one', undefined],
    ['has another', 'of-another-data\n'],
  ])('where what runs %s, a deploy is refused, and nothing makes it count', async (_, fileWithId) => {
    const swarm = running();
    await remember(swarm);
    const was = await marker(swarm);
    swarm.fileWithId = fileWithId;
    swarm.done.length = 0;
    expect(await refusals(swarm)).toEqual([expect.stringMatching(OTHER)]);
    const { problems, said } = await remember(swarm);
    expect([problems.map(({ text }) => text), said]).toEqual([[expect.stringMatching(OTHER)], []]);
    expect([swarm.done, swarm.fileWithId, await marker(swarm)]).toEqual([[], fileWithId, was]);

    // Somebody says so.
    await forget(asDocker(swarm), 'shop', 'mariadb', ['mariadb']);
    expect(await refusals(swarm)).toEqual([]);
    await remember(swarm);
    expect(await refusals(swarm)).toEqual([]);
    expect(swarm.fileWithId?.trim()).toBe((await marker(swarm))!.data!.id);
  });

  test('a volume with other data is refused before anything starts on it', async () => {
    const swarm = running();
    await remember(swarm);
    Object.assign(swarm, { serviceNames: [], tasksOf: [], volumeNames: [VOLUME] });
    expect(await refusals(swarm)).toEqual([]);
    const { fileWithId } = swarm;
    swarm.fileWithId = undefined;
    expect(await refusals(swarm)).toEqual([
      expect.stringMatching(/^shop_mariadb_data has other data than that which has been on host-a/),
    ]);
    swarm.fileWithId = fileWithId;
    // For want of an image.
    swarm.files = undefined;
    expect(await refusals(swarm)).toEqual([]);
  });

  test('that cannot be read refuses nothing', async () => {
    const swarm = running();
    await remember(swarm);
    swarm.fault = Object.assign(new Error('input/output error'), { statusCode: 500 });
    expect(await refusals(swarm)).toEqual([]);
    expect(await remember(swarm)).toEqual({ problems: [], said: [] });
    Object.assign(swarm, {
      fault: undefined,
      container: async () => ({ Mounts: [] }),
      fileWithId: undefined,
    });
    expect(await refusals(swarm)).toEqual([]);
  });

  test('on another node cannot be seen, and is believed', async () => {
    const swarm = running();
    await remember(swarm);
    Object.assign(swarm, { nodesOf: [labelled('a'), node('b')], here: 'b', fileWithId: undefined });
    expect(await refusals(swarm)).toEqual([]);
  });

  test('that cannot be given is told, and the place is remembered all the same', async () => {
    const swarm = running({ fault: new Error('no space left on device') });
    expect((await remember(swarm)).said).toEqual([
      expect.stringContaining('remembered in the config'),
      'its data has no id (no space left on device): where other data takes its place on host-a, no deploy sees it',
    ]);
    expect(await marker(swarm)).toMatchObject({ node: 'a', hostname: 'host-a' });
    expect((await marker(swarm))!.data).toBeUndefined();
    const away = running({ here: 'b', nodesOf: [labelled('a'), node('b')] });
    expect((await remember(away)).said[1]).toMatch(
      /^its data has no id \(it is not on the node that answers\)/,
    );
    // Written, and not there: it would be taken for another from now on.
    const lost = running({ putFile: async () => {} });
    expect((await remember(lost)).said[1]).toMatch(/\.proctorwise-data was written, and is not there/);
    expect((await marker(lost))!.data).toBeUndefined();
  });

  test('is one where two have given it at the same time: that which is remembered', async () => {
    const swarm = running();
    const other = { node: 'a', hostname: 'host-a', data: { id: 'of-the-faster', volumes: [VOLUME] } };
    const put = swarm.putFile;
    swarm.putFile = async (...args) => {
      await put(...args);
      swarm.putFile = put;
      await writeMarker(asDocker(swarm), 'shop_mariadb', other);
    };
    await remember(swarm);
    expect((await marker(swarm))!.data!.id).toBe('of-the-faster');
    expect(swarm.fileWithId).toBe('of-the-faster\n');
  });

  test('is given to no data that is elsewhere than what is remembered', async () => {
    const swarm = running({ nodesOf: [labelled('a'), node('b')] });
    await remember(swarm);
    swarm.run('b');
    swarm.done.length = 0;
    expect((await remember(swarm)).problems).toMatchObject([
      { text: expect.stringMatching(/^shop_mariadb runs on host-b, and its data has been on host-a/) },
    ]);
    expect(swarm.done).toEqual([]);
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
  expect(strangersOf(existing, { namespace: 'shop', services: [], names: [], ids: [] })).toEqual([]);
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
