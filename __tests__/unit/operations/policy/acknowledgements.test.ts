import { needsOf } from '../../../../operations/plan/changes/needs';
import { judgeNeeds } from '../../../../operations/policy/acknowledgements';
import { namesIn } from '../../../../operations/policy/names';
import { need, object, restarting, rolling } from '../plan/plans';

const names = (...given: Parameters<typeof needsOf>) => needsOf(...given).map(({ name }) => name);

test('a roll without downtime needs nobody’s word', () => {
  expect(needsOf([rolling()], [object()])).toEqual([]);
});

test.each<[string, ReturnType<typeof needsOf>[number], Parameters<typeof needsOf>[0][number]]>([
  ['a restart', { name: 'edge', why: 'DOWNTIME about 1 s' }, restarting()],
  [
    'a stateful restart',
    { name: 'mariadb', why: 'writers wait about 10 s; have a backup' },
    restarting('mariadb', { downtimeSeconds: 10, whoWaits: 'writers', risks: ['have a backup'] }),
  ],
  [
    'a replacement',
    { name: 'web', why: 'it is REPLACED, DOWNTIME about 14 s' },
    restarting('web', { action: 'replace', downtimeSeconds: 14 }),
  ],
  ['a removal', { name: 'web', why: 'it is REMOVED' }, restarting('web', { action: 'destroy' })],
  [
    'a risk without downtime',
    { name: 'web', why: 'it may be lost' },
    rolling('web', { risks: ['it may be lost'] }),
  ],
])('%s does', (_, expected, change) => expect(needsOf([change], [])).toEqual([expected]));

test.each(['network', 'volume'] as const)('a %s that is replaced or removed does', (kind) => {
  expect(names([], [object({ kind, name: 'data', risk: true })])).toEqual(['data']);
});

describe('the policy', () => {
  const plan = { needs: [need('edge'), need('mariadb')], refusals: [] };

  test('passes when each was acknowledged by its name, and only then', () => {
    expect(judgeNeeds(plan, ['edge'])).toMatchObject({ passes: false, missing: [{ name: 'mariadb' }] });
    expect(judgeNeeds(plan, ['edge', 'mariadb'])).toMatchObject({ passes: true, missing: [] });
    expect(judgeNeeds(plan, ['all', '*'])).toMatchObject({ passes: false });
    expect(judgeNeeds({ needs: [], refusals: [] }, [])).toMatchObject({ passes: true });
  });

  test('tells names that nothing asked for: they may be meant for another plan', () => {
    expect(judgeNeeds(plan, ['edge', 'mariadb', 'kafka']).unused).toEqual(['kafka']);
  });

  test('lets no name through what is refused', () => {
    expect(
      judgeNeeds({ needs: [need('mailer')], refusals: ['mailer is still routed to'] }, ['mailer']),
    ).toMatchObject({
      passes: false,
      missing: [],
    });
  });
});

test('names are separated by commas, spaces or lines, once each', () => {
  expect(namesIn('edge, mariadb', undefined, '', 'kafka\nedge')).toEqual(['edge', 'mariadb', 'kafka']);
});
