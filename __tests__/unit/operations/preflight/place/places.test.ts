import type { DockerClient } from '../../../../../operations/docker/client';
import { gatherPlaces } from '../../../../../operations/preflight/place/gather';
import { judgePlaces } from '../../../../../operations/preflight/place/places';
import { declared } from '../../deploy/stack';
import { facts, labelled, markerOf, node, PINNED, placed, running, Swarm, VOLUME } from '../../place/swarm';

const settings = { stateful: ['mariadb'] };
const mariadb = declared('mariadb', { volumes: [VOLUME], constraints: [PINNED] });
const uploads = declared('web', { volumes: ['shop_uploads'] });
const pinned = placed({ constraints: [PINNED] });
const two = [node('a'), node('b')];

describe('a service with data', () => {
  const judge = (given: Parameters<typeof facts>[0], what = pinned) =>
    judgePlaces(
      { nodes: given?.nodes ?? [node('a')], stateful: [{ placed: what, facts: facts(given) }] },
      { services: [mariadb], settings },
    );

  test('where it belongs', () => {
    expect(judge({ nodes: [labelled('a')], ...running('a') })).toEqual([
      { check: 'place', level: 'ok', text: 'mariadb: where the data is' },
    ]);
  });

  test('that is pinned by this deploy: the label comes with it', () => {
    expect(judge({ ...running('a'), inForce: ['node.role==manager'] })).toMatchObject([
      { level: 'ok', text: 'the deploy labels host-a shop.mariadb=true: shop_mariadb stays there' },
    ]);
  });

  test('whose label was taken away, which no change of the service brings back', () => {
    expect(
      judge({ marker: markerOf('a'), volumes: new Map([[VOLUME, 'data']]), inForce: [PINNED] }),
    ).toMatchObject([
      {
        level: 'failure',
        text: expect.stringMatching(/^the label shop\.mariadb is gone from host-a/),
        fix: 'docker node update --label-add shop.mariadb=true host-a',
      },
    ]);
  });

  test('that is new, where nobody could look at the other nodes', () => {
    expect(judge({ nodes: two })).toMatchObject([
      {
        level: 'warning',
        text: expect.stringMatching(
          /^nothing remembers data of shop_mariadb, and the volumes of host-b cannot/,
        ),
        fix: `look there: docker volume ls; where ${VOLUME} is, deploy with VPS_HOST naming that node first`,
      },
      { level: 'ok', text: expect.stringContaining('the deploy labels host-a') },
    ]);
    // What is there, was there or is remembered says it.
    const volumes = new Map([[VOLUME, 'data' as const]]);
    for (const known of [running('a'), { marker: markerOf('a'), volumes }, { volumes }]) {
      expect(judge({ nodes: [labelled('a'), node('b')], ...known })).toMatchObject([{ level: 'ok' }]);
    }
  });

  test('whose volume is gone, and one that two managers may take, are refused', () => {
    const gone = judge({ nodes: [labelled('a')], marker: markerOf('a') });
    expect(gone).toMatchObject([{ level: 'failure', text: expect.stringContaining('is not there') }]);
    const twice = judge({ nodes: two, ...running('a') }, placed());
    expect(twice).toMatchObject([
      { level: 'failure', text: expect.stringContaining('may start on each of') },
    ]);
  });

  test('is looked for in the Swarm, and nobody else is', async () => {
    const swarm = Object.assign(new Swarm(), { nodesOf: [labelled('a')] });
    swarm.run('a');
    const context = {
      docker: swarm as unknown as DockerClient,
      nodes: swarm.nodes(),
      stack: { namespace: 'shop', services: [mariadb, uploads], settings },
    };
    const { stateful } = await gatherPlaces(context);
    expect(stateful).toMatchObject([{ placed: pinned, facts: { ran: { node: 'a', now: true } } }]);
  });
});

describe('a volume that tasks share', () => {
  const judge = (nodes = two, service = uploads, shared: object = { web: ['shop_uploads'] }) =>
    judgePlaces(
      { nodes, stateful: [] },
      { services: [service], settings: { sharedVolumes: shared as never } },
    );

  test('is refused where two nodes may take them, with what each of them has', () => {
    const [finding, ...more] = judge();
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      level: 'failure',
      text: expect.stringMatching(
        /^tasks of web may start on each of host-a, host-b, .* shop_uploads of its own/,
      ),
      fix: expect.stringContaining("acknowledge: { 'one-place': '<why>' }"),
    });
  });

  test('is none where one node may, or none shares any', () => {
    expect(judge([node('a')])).toEqual([]);
    expect(judge(two, declared('web', { volumes: ['shop_uploads'], constraints: ['node.id==a'] }))).toEqual(
      [],
    );
    expect(judge(two, declared('web'))).toEqual([]);
  });

  test('a job’s memory of what ran is none of them, and nobody has acknowledged it', () => {
    const job = declared('report', { volumes: ['shop_report_runs'] });
    expect(judge(two, job, {})).toEqual([
      {
        check: 'place',
        level: 'warning',
        text: 'the job report may run on each of host-a, host-b, and each has its own memory of what ran',
        fix: 'placement for report in services.config.ts: a constraint that one node fulfils',
      },
    ]);
  });

  test('warns only of what the catalogue cannot place, and of what is acknowledged', () => {
    const nginx = declared('nginx', { volumes: ['shop_letsencrypt'], constraints: ['node.role==manager'] });
    expect(judge(two, nginx)).toMatchObject([
      { level: 'warning', fix: expect.stringContaining('docker node demote') },
    ]);
    expect(judge(two, uploads, {})).toMatchObject([
      { level: 'warning', fix: expect.stringContaining("as acknowledged ('one-place')") },
    ]);
  });
});
