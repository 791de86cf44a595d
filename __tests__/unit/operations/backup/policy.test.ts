import { judgeByBackups } from '../../../../operations/backup/policy';
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

test('wants one, too, for what is removed, and is in no catalogue', () => {
  const removed = { ...RISKED, removed: true };
  const judged = (facts = factsOf()) => judge(facts, { covers: {} }, removed);
  expect(judged().refusals).toEqual([]);
  expect(judged(factsOf({ backups: [] })).refusals).toHaveLength(1);
});

test('leaves alone what risks nothing', () => {
  expect(judge(factsOf({ backups: [] }), {}, { ...RISKED, risks: [] })).toEqual({
    refusals: [],
    needs: [NEED],
  });
});
