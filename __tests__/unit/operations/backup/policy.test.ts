import { believedSettings, judgeByBackups } from '../../../../operations/backup/policy';
import type { Service } from '../../../../operations/docker/answers';
import { backupOf, factsOf, NOW, SETTINGS } from './fixtures';

const NEED = { name: 'mariadb', why: 'writers wait about 10 s; once 11.4 has opened the data' };
const RISKED = { service: 'mariadb', risks: ['once 11.4 has opened the data, 10.11 may not read it'] };
const judge = (facts = factsOf(), settings: Partial<typeof SETTINGS> = {}, risked = RISKED) =>
  judgeByBackups([NEED], [risked], { ...SETTINGS, ...settings }, facts, NOW);

test('lets a plan through on a young backup that was restored, and names it', () => {
  expect(judge()).toEqual({
    refusals: [],
    needs: [
      {
        name: 'mariadb',
        why: `${NEED.why}; backup aaaaaaaa of 2026-11-27 03:15 UTC was restored and checked at 2026-11-27 04:46 UTC`,
      },
    ],
  });
});

test.each([
  ['no backup', factsOf({ backups: [] }), 'there is no backup'],
  ['none that was drilled', factsOf({ drilled: { time: '', ok: true } }), 'no backup was ever restored'],
  [
    'a drill that failed',
    factsOf({ drilled: { time: '', ok: false, snapshot: 'aaaaaaaa11', error: 'a table differs' } }),
    'the last drill failed (a table differs)',
  ],
  [
    'an old one that was drilled beside a young one that was not',
    factsOf({ drilled: { time: '2026-11-27T04:46:00Z', ok: true, snapshot: 'bbbbbbbb22' } }),
    'the newest backup that was restored and checked is 32 h old, and at most 24 h are believed',
  ],
  [
    'one that is gone',
    factsOf({ drilled: { time: '', ok: true, snapshot: 'cccccccc33' } }),
    'cccccccc33, which was drilled, is not there any more',
  ],
  [
    'one without a database',
    factsOf({ backups: [{ ...backupOf('2026-11-27T03:15:10Z'), databases: [] }] }),
    'has no shop_orders',
  ],
  [
    'a repository that nobody reaches',
    { runs: [], unknown: 'no network' },
    'could not be looked at (no network)',
  ],
])('refuses it with %s, and says how to go on', (_, facts, why) => {
  const { refusals, needs } = judge(facts);
  expect(refusals).toEqual([expect.stringContaining(why)]);
  expect(refusals[0]).toMatch(
    /^mariadb: once 11\.4 .*: \.\/proctor backup now, then \.\/proctor backup drill/,
  );
  expect(needs).toEqual([NEED]);
});

test('believes what the catalogue says may be believed', () => {
  const drilled = { time: '2026-11-27T04:46:00Z', ok: true, snapshot: 'bbbbbbbb22' };
  expect(judge(factsOf({ drilled }), { maxAgeSeconds: 2 * 86_400 }).refusals).toEqual([]);
});

test('refuses nothing where the catalogue has no backups, or none of it, and says so', () => {
  const none = judgeByBackups([NEED], [RISKED], undefined, undefined, NOW);
  expect(none).toEqual({
    refusals: [],
    needs: [{ ...NEED, why: `${NEED.why}; the catalogue has no backups: docs/data.md` }],
  });
  const kafka = judge(factsOf(), { covers: {} });
  expect(kafka).toEqual({ refusals: [], needs: [{ ...NEED, why: `${NEED.why}; no backup has its data` }] });
});

test('refuses one of tomorrow: by that clock it would be young for long', () => {
  const at = (seconds: number) => backupOf(new Date(NOW + seconds * 1000).toISOString());
  const drilled = { time: '2026-11-27T04:46:00Z', ok: true, snapshot: 'aaaaaaaa11' };
  expect(judge(factsOf({ backups: [at(90)], drilled })).refusals).toEqual([]);
  const { refusals } = judge(factsOf({ backups: [at(3600)], drilled }));
  expect(refusals).toEqual([
    expect.stringContaining('aaaaaaaa11 is of 2026-11-27 13:00 UTC, which is in the future'),
  ]);
});

describe('what is removed, and is in no catalogue,', () => {
  const serviceOf = (name: string, container: object) =>
    ({ Spec: { Name: `shop_${name}`, TaskTemplate: { ContainerSpec: container } } }) as unknown as Service;
  const mount = (Source: string) => ({ Mounts: [{ Type: 'volume', Source, Target: '/data' }] });
  const RUNNING = [
    serviceOf('mariadb', mount('shop_mariadb_data')),
    serviceOf('kafka', mount('shop_kafka_data')),
    serviceOf('web', mount('shop_uploads')),
    serviceOf('backup', {
      Args: [
        'BACKUP_PLATFORM=shop',
        'BACKUP_DATABASES=shop_orders shop_users',
        'BACKUP_DB_HOST=mariadb',
        'BACKUP_VOLUMES=uploads',
        '--',
        'x',
      ],
      ...mount('shop_uploads'),
    }),
  ];
  const both = (snapshot?: string) => ({
    ...backupOf('2026-11-27T03:15:10Z', snapshot),
    databases: ['shop_orders', 'shop_users'],
  });
  /** @param settings of the catalogue without it */
  const removal = (service: string, facts = factsOf({ backups: [both()] }), settings?: typeof SETTINGS) =>
    judgeByBackups(
      [{ ...NEED, name: service }],
      [{ service, risks: ['nothing serves the data any more'], removed: true }],
      believedSettings(settings, RUNNING, 'shop'),
      facts,
      NOW,
    );
  const without = { ...SETTINGS, covers: {} };

  test.each([
    ['a database', 'mariadb'],
    ['a volume', 'web'],
  ])('%s: wants a proof, also where the catalogue has no backups then', (_, service) => {
    for (const settings of [undefined, without]) {
      const { refusals, needs } = removal(service, undefined, settings);
      expect(refusals).toEqual([]);
      expect(needs[0]!.why).toContain('was restored and checked');
      expect(removal(service, factsOf({ backups: [] }), settings).refusals).toHaveLength(1);
    }
  });

  test('a proof of other data is none', () => {
    expect(removal('mariadb', factsOf()).refusals).toEqual([expect.stringContaining('has no shop_users')]);
    const backups = [{ ...both(), volumes: [] }];
    expect(removal('web', factsOf({ backups })).refusals).toEqual([
      expect.stringContaining('has no uploads'),
    ]);
  });

  test('a backend that no backup has is not said to be in one', () => {
    for (const settings of [undefined, SETTINGS]) {
      const { refusals, needs } = removal('kafka', undefined, settings);
      expect(refusals).toEqual([]);
      expect(needs[0]!.why).toMatch(/; no backup has its data$/);
    }
  });

  test('nothing is believed where the server cannot be asked what is in them', () => {
    const risked = { ...RISKED, removed: true };
    const { refusals } = judgeByBackups(
      [NEED],
      [risked],
      believedSettings(without, undefined, 'shop'),
      undefined,
      NOW,
    );
    expect(refusals).toEqual([expect.stringContaining('could not be looked at')]);
  });

  test('a platform that makes none is judged by its catalogue', () => {
    expect(believedSettings(SETTINGS, RUNNING.slice(0, 3), 'shop')).toEqual(SETTINGS);
    expect(believedSettings(undefined, RUNNING.slice(0, 3), 'shop')).toBeUndefined();
  });
});

test('leaves alone what risks nothing', () => {
  expect(judge(factsOf({ backups: [] }), {}, { ...RISKED, risks: [] })).toEqual({
    refusals: [],
    needs: [NEED],
  });
});
