import { assessBackup } from '../../../../operations/backup/assess';
import { backupOf, factsOf, NOW, reportOf, SETTINGS } from './fixtures';

const problemsOf = (...facts: Parameters<typeof factsOf>) =>
  assessBackup(SETTINGS, factsOf(...facts), NOW).problems;

test('is well with a young backup that was drilled', () => {
  expect(assessBackup(SETTINGS, factsOf(), NOW)).toEqual({
    ok: true,
    to: 's3.example.com/acme/shop',
    newest: expect.objectContaining({ snapshot: 'aaaaaaaa11' }),
    count: 2,
    drilled: expect.objectContaining({ ok: true }),
    restorableTo: '2026-11-27T11:58:00Z',
    problems: [],
  });
});

test('tells that there is none, or that one did not come at its time', () => {
  expect(problemsOf({ backups: [] })).toEqual(['there is no backup yet: ./proctor backup now']);
  const late = [expect.stringMatching(/^the newest backup is 32 h old, and one was due 8 h ago/)];
  const old = { backups: [backupOf('2026-11-26T03:15:10Z')] };
  expect(problemsOf(old)).toEqual(late);
  // At its time it may still run.
  const early = Date.parse('2026-11-27T03:50:00Z');
  expect(assessBackup({ ...SETTINGS, rpoSeconds: 1e6 }, factsOf(old), early).problems).toEqual([]);
});

test('tells the last run that failed, until a newer one is good', () => {
  const failed = reportOf({
    backup: 'now',
    started: '2026-11-27T10:00:00Z',
    ok: false,
    error: 'the bucket answers 403',
    advice: 'look at its key',
  });
  expect(problemsOf({}, [failed])).toEqual([
    'the last backup failed: the bucket answers 403: look at its key',
  ]);
  const again = reportOf({ backup: 'now', started: '2026-11-27T11:00:00Z' });
  expect(problemsOf({}, [failed, again])).toEqual([]);
  // One made by hand is in no log of the service.
  expect(problemsOf({ backups: [backupOf('2026-11-27T11:00:00Z')] }, [failed])).toEqual([]);
  expect(problemsOf({}, [{ ...failed, backup: 'ship' }])).toEqual([
    expect.stringMatching(/^the last copy of the log failed/),
  ]);
});

test('tells a check that found damage, by whom it was made, until one finds none', () => {
  const checked = { time: '2026-11-27T09:00:00Z', ok: false, error: 'pack 1234 is damaged' };
  expect(problemsOf({ checked })).toEqual([
    'the last check found damage: pack 1234 is damaged: ./proctor backup check says what to do',
  ]);
  expect(problemsOf({ checked: { time: checked.time, ok: true } })).toEqual([]);
});

test('tells a backup that nobody ever restored, a drill that failed, and one that is late', () => {
  const { drilled: _, ...never } = factsOf().list!;
  expect(assessBackup(SETTINGS, { list: never, runs: [] }, NOW).problems).toEqual([
    'no backup was ever restored and checked: ./proctor backup drill',
  ]);
  const failed = { time: '2026-11-27T04:46:00Z', ok: false, error: 'a table differs' };
  expect(problemsOf({ drilled: failed })).toEqual([
    'the last drill failed: a table differs: ./proctor backup drill',
  ]);
  const late = { time: '2026-11-21T04:46:00Z', ok: true };
  expect(problemsOf({ drilled: late })).toEqual([
    expect.stringMatching(/^the last drill was 6 d ago, and one was due/),
  ]);
  const { drill: __, ...byHand } = SETTINGS;
  expect(assessBackup(byHand, factsOf({ drilled: late }), NOW).problems).toEqual([]);
});

test('tells a log that is not copied any more', () => {
  const restorable = [{ from: '2026-11-20T03:15:10Z', to: '2026-11-27T11:30:00Z' }];
  expect(problemsOf({ restorable })).toEqual([
    expect.stringMatching(/^the log was last copied 30 min ago, and at most 5 min were to be lost/),
  ]);
  // One that is late is told before two are.
  const since = (to: string) => problemsOf({ restorable: [{ from: '2026-11-20T03:15:10Z', to }] });
  expect(since('2026-11-27T11:53:00Z')).toEqual([]);
  expect(since('2026-11-27T11:52:00Z')).toEqual([expect.stringContaining('last copied 8 min ago')]);
  // The backup itself counts, too.
  expect(problemsOf({ restorable: [] })).toEqual([expect.stringContaining('last copied 8 h ago')]);
  expect(problemsOf({ restorable, backups: [backupOf('2026-11-27T11:55:00Z')] })).toEqual([]);
  const { rpoSeconds: _, ...without } = SETTINGS;
  expect(assessBackup(without, factsOf({ restorable }), NOW).problems).toEqual([]);
});

test('does not take for well what could not be asked', () => {
  const status = assessBackup(SETTINGS, { runs: [], unknown: 'the bucket is out of reach' }, NOW);
  expect(status).toMatchObject({
    ok: false,
    newest: null,
    problems: ['backups could not be looked at: the bucket is out of reach'],
  });
});

test('tells a restore that was cut off, with whom it left stopped', () => {
  const stopped = { replicas: { shop_api: 2, shop_web: 1 }, since: '2026-11-27T11:50:00Z' };
  expect(assessBackup(SETTINGS, { ...factsOf(), stopped }, NOW)).toMatchObject({
    ok: false,
    problems: [
      expect.stringMatching(/^shop_api, shop_web were stopped 10 min ago for a restore that has not ended/),
    ],
  });
});
