import type { Task } from '../../../../operations/docker/answers';
import { otherSeries } from '../../../../operations/images/series';
import { uncleanEnds } from '../../../../operations/plan/major';

test.each([
  ['mariadb:10.11', 'mariadb:11.4', ['10.11', '11.4']],
  ['mariadb:10.11.6', 'registry:5000/mariadb:10.11.8', undefined],
  ['mariadb:10.11', 'acme/other:11.4', undefined],
  ['mariadb:10.11', 'mariadb@sha256:1', undefined],
  ['mariadb:lts', 'mariadb:11.4', undefined],
])('%s to %s is another series: %j', (from, to, expected) => {
  expect(otherSeries(from, to)).toEqual(expected);
});

const change = { service: 'mariadb', image: { from: 'mariadb:10.11', to: 'mariadb:11.4' } };
const refusalsOf = (states: readonly string[], stateful = ['mariadb'], changes = [change]) =>
  uncleanEnds(
    {
      tasks: async () =>
        states.map((State) => ({ Status: { State }, DesiredState: 'running' }) as unknown as Task),
    },
    'shop',
    changes,
    stateful,
  );

test('another series is refused where the older one does not run, with the way out', async () => {
  expect(await refusalsOf(['failed', 'preparing'])).toEqual([
    expect.stringMatching(
      /^mariadb: it does not run, .* 11\.4 cannot recover what a crash of 10\.11 leaves: deploy mariadb:10\.11 once more, let it come up/,
    ),
  ]);
});

test('it is let through where it runs, for a patch, and for what has no data', async () => {
  expect(await refusalsOf(['failed', 'running'])).toEqual([]);
  const patch = { ...change, image: { from: 'mariadb:10.11.6', to: 'mariadb:10.11.8' } };
  expect(await refusalsOf(['failed'], ['mariadb'], [patch])).toEqual([]);
  expect(await refusalsOf(['failed'], [])).toEqual([]);
});

test('it is refused, too, where the server does not say whether it runs', async () => {
  const silent = {
    tasks: async () => {
      throw new Error('not now');
    },
  };
  const words = [
    expect.stringMatching(
      /^mariadb: the server does not say whether it runs, .* plan again when it answers$/,
    ),
  ];
  expect(await uncleanEnds(silent, 'shop', [change], ['mariadb'])).toEqual(words);
  expect(await uncleanEnds(undefined, 'shop', [change], ['mariadb'])).toEqual(words);
  expect(await uncleanEnds(undefined, 'shop', [change], [])).toEqual([]);
});
