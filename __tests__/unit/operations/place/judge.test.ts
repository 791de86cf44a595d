import { judgePlace } from '../../../../operations/place/judge';
import type { PlaceFacts } from '../../../../operations/place/look';
import { facts, knownOf, LABEL, labelled, markerOf, node, PINNED, placed, running, VOLUME } from './swarm';

const two = [node('a'), node('b')];
const pinned = placed({ constraints: [PINNED] });
const judge = (given: Partial<PlaceFacts>, what = placed()) => judgePlace(what, facts(given));
const textsOf = (given: Partial<PlaceFacts>, what = placed()) =>
  judge(given, what).problems.map(({ text, fix }) => `${text}\n${fix}`);

describe('the only manager is a place', () => {
  test.each<[string, Partial<PlaceFacts>]>([
    ['for what is new', {}],
    ['for what runs', running('a')],
    ['beside a worker', { nodes: [node('a'), node('b', { Role: 'worker' })], ...running('a') }],
    ['for a volume that an older stack left', { volumes: new Map([[VOLUME, 'data']]) }],
    [
      'for data that is remembered and there',
      { marker: markerOf('a'), volumes: new Map([[VOLUME, 'data']]) },
    ],
    [
      'for a volume that cannot be looked into',
      { marker: markerOf('a'), volumes: new Map([[VOLUME, 'unknown']]) },
    ],
  ])('%s', (_, given) => {
    expect(judge(given)).toMatchObject({ problems: [], unlabelled: false });
  });

  test('and no longer with a second one, wherever the data is', () => {
    expect(textsOf({ nodes: two, ...running('a') })).toEqual([
      expect.stringMatching(
        /^shop_mariadb may start on each of host-a, host-b \(node\.role==manager\), and its data is on host-a: .* as a new one\nplacement: 'pinned' for mariadb .* restarts nothing/,
      ),
    ]);
    expect(textsOf({ nodes: two })).toEqual([expect.stringMatching(/may start on each of host-a, host-b/)]);
  });
});

describe('pinned', () => {
  test('without a label yet: the node of its task is found, wherever the engine is that answers', () => {
    const { problems, home, unlabelled } = judge({ nodes: two, ...running('b') }, pinned);
    expect(problems).toEqual([]);
    expect([home?.ID, unlabelled]).toEqual(['b', true]);
  });

  test('without a label and without a task: the node that is remembered, then the one that has the volume', () => {
    const remembered = judge({ nodes: two, marker: markerOf('b') }, pinned);
    expect([remembered.home?.ID, remembered.problems]).toEqual(['b', []]);
    expect(judge({ nodes: two, volumes: new Map([[VOLUME, 'data']]) }, pinned).home?.ID).toBe('a');
    // New: where its volume can be seen.
    expect(judge({ nodes: two }, pinned).home?.ID).toBe('a');
  });

  test('with the label where the data is', () => {
    const given = { nodes: [node('a'), labelled('b')], marker: markerOf('b') };
    expect(judge(given, pinned)).toMatchObject({ problems: [], unlabelled: false });
  });

  test('with a label that somebody has set beforehand, for what is new', () => {
    expect(judge({ nodes: [node('a'), labelled('b')] }, pinned).problems).toEqual([]);
  });

  test('with the label on another node than the data', () => {
    const said = textsOf({ nodes: [node('a'), labelled('b')], ...running('a') }, pinned);
    expect(said).toEqual([
      expect.stringMatching(
        new RegExp(
          `would start on host-b .* its data is on host-a.*\\ndocker node update --label-add ${LABEL}=true host-a && docker node update --label-rm ${LABEL} host-b`,
        ),
      ),
    ]);
  });

  test('with the label on two nodes', () => {
    const said = textsOf({ nodes: [labelled('a'), labelled('b')], ...running('a') }, pinned);
    expect(said).toEqual([
      expect.stringMatching(/may start on each of host-a, host-b[\s\S]*--label-rm shop\.mariadb/),
    ]);
  });
});

describe('a constraint of one’s own', () => {
  const own = placed({ constraints: ['node.labels.disk==ssd'] });

  test('that no node fulfils', () => {
    expect(textsOf({ ...running('a') }, own)).toEqual([
      expect.stringMatching(/^no node fulfils node\.labels\.disk==ssd: shop_mariadb would wait/),
    ]);
  });

  test('that another node fulfils than the one with the data', () => {
    const nodes = [node('a'), node('b', { Labels: { disk: 'ssd' } })];
    expect(textsOf({ nodes, ...running('a') }, own)).toEqual([
      expect.stringMatching(/would start on host-b .*, and its data is on host-a[\s\S]*placement: 'pinned'/),
    ]);
    expect(textsOf({ nodes, ...running('b') }, own)).toEqual([]);
  });
});

describe('where data was', () => {
  test.each([
    [
      'absent',
      /^the volume shop_mariadb_data is not there, and its data has been on host-a since 2026-11-27/,
    ],
    ['empty', /^the volume shop_mariadb_data is empty, and its data has been on host-a/],
  ] as const)('a volume that is %s is no new beginning', (state, expected) => {
    const said = textsOf({ marker: markerOf('a'), volumes: new Map([[VOLUME, state]]) });
    expect(said).toEqual([expect.stringMatching(expected)]);
    expect(said[0]).toMatch(/\.\/proctor data forget mariadb \(or docker config rm data\.shop_mariadb\)/);
  });

  test('the volume of another node cannot be seen, and is believed', () => {
    const given = { nodes: [node('a'), labelled('b')], marker: markerOf('b') };
    expect(textsOf(given, pinned)).toEqual([]);
  });

  test('what has come up elsewhere is told', () => {
    const said = textsOf({ nodes: two, marker: markerOf('a'), ...running('b') }, pinned);
    expect(said).toEqual([
      expect.stringMatching(/^shop_mariadb runs on host-b, and its data has been on host-a/),
    ]);
  });

  describe('other data where it was', () => {
    const another = { marker: knownOf('a'), identity: 'another' as const };

    test('on which it runs is told, with both ways out', () => {
      expect(textsOf({ ...another, ...running('a') })).toEqual([
        expect.stringMatching(
          /^shop_mariadb runs on other data than that which has been on host-a since 2026-11-27: it has come up as a new one \(its disk was not mounted\? its volume was removed\?\).*\nbring the old back: stop the service \(docker service scale shop_mariadb=0\), mount the disk .* and start it \(docker service scale shop_mariadb=1\); or, where what is there now counts, as a new one or a restored one: \.\/proctor data forget mariadb \(or docker config rm data\.shop_mariadb\), and deploy again$/,
        ),
      ]);
    });

    test('on which it would come up is told', () => {
      expect(textsOf({ ...another, volumes: new Map([[VOLUME, 'data']]) })).toEqual([
        expect.stringMatching(
          /^shop_mariadb_data has other data than that which has been on host-a .*: shop_mariadb would come up on it\nmount the disk, .*data forget mariadb/,
        ),
      ]);
    });

    test.each(['same', 'unknown'] as const)('is not made out of %s', (identity) => {
      expect(textsOf({ marker: knownOf('a'), identity, ...running('a') })).toEqual([]);
    });
  });

  test('a node that left the Swarm is missed', () => {
    expect(textsOf({ marker: markerOf('b') })).toEqual([
      expect.stringMatching(
        /^the data of shop_mariadb is on the node host-b, which is not in the Swarm any more/,
      ),
    ]);
  });

  test('nobody has said so, and nothing is refused', () => {
    expect(textsOf({ volumes: new Map([[VOLUME, 'empty']]) })).toEqual([]);
  });
});
