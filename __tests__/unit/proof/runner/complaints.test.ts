import type { LoadResult } from '../../../../proof/load/tally';
import { complaints, leftUnapplied } from '../../../../proof/runner/complaints';
import type { Measured } from '../../../../proof/runner/measure';
import type { Scenario } from '../../../../proof/runner/scenario';
import { ROLL_COLUMNS, scenarioTable } from '../../../../proof/runner/text';
import { rolls } from '../../../../proof/scenarios/roll';

test('the rolls have three controls that must fail', () => {
  const controls = rolls.filter(({ failing }) => failing === 'must').map(({ name }) => name);
  expect(controls).toEqual(['health-off', 'static-name', 'drain-off']);
});

describe('the verdict', () => {
  const scenario: Scenario = { name: 'x', title: 'x', steps: [], failing: 'none' };
  const load = (more: Partial<LoadResult> = {}): LoadResult => ({
    start: 0,
    end: 1000,
    requests: 1000,
    failed: 0,
    failedPosts: 0,
    posts: 100,
    p50: 1,
    p99: 2,
    max: 3,
    longestGap: { milliseconds: 9, service: 'userservice', start: 0 },
    kinds: {},
    failures: [],
    perSecond: [],
    generatorDelay: 0,
    ...more,
  });
  const measured = (more: Partial<Scenario>, rest: Partial<Measured> = {}): Measured => ({
    scenario: { ...scenario, ...more },
    load: load(),
    seconds: 1,
    busy: 1,
    ends: [],
    reports: [],
    ...rest,
  });
  const of = (more: Partial<Scenario>, result: Partial<LoadResult> = {}, rest: Partial<Measured> = {}) =>
    complaints(measured(more, { load: load(result), ...rest })).join('; ');

  test('holds where nothing failed, and not where one request did', () => {
    expect(of({})).toBe('');
    expect(of({}, { failed: 1 })).toBe('1 requests failed, none may');
  });

  test('lost POSTs are not lost GETs', () => {
    expect(of({ failing: 'gets' }, { failed: 3, failedPosts: 3 })).toBe('');
    expect(of({ failing: 'gets' }, { failed: 4, failedPosts: 3 })).toBe('1 GETs failed, none may');
  });

  test('a control in which nothing failed breaks the run', () => {
    expect(of({ failing: 'must' }, { failed: 7 })).toBe('');
    expect(of({ failing: 'must' })).toContain('failures are not seen');
  });

  test('a load that sent next to nothing shows nothing', () => {
    expect(of({}, { requests: 12 })).toContain('nothing was measured');
  });

  test('a bad image must fail the apply, and a good one must not', () => {
    const [badly, well] = [{ steps: [{ apply: 'badly' as const }] }, { steps: [{}] }];
    expect(of(badly, {}, { ends: [{}] })).toContain('the apply succeeded');
    expect(of(badly, {}, { ends: [{ failure: 'rolled back' }] })).toBe('');
    expect(of(well, {}, { ends: [{ failure: 'rolled back' }] })).toBe('the apply failed: rolled back');
  });

  test('a control may fail its apply, and what comes after it is then not measured', () => {
    const control = measured(
      { failing: 'must', steps: [{}] },
      { load: load({ failed: 1 }), ends: [{ failure: 'no' }] },
    );
    expect(complaints(control)).toEqual([]);
    expect(leftUnapplied(control)).toBe(true);
    expect(leftUnapplied(measured({ steps: [{ apply: 'badly' }] }, { ends: [{ failure: 'no' }] }))).toBe(
      false,
    );
  });

  test('a deploy that was to be cut off must be, however it then ends', () => {
    const steps = [{ cut: { how: 'killed' as const, line: /^Plan: / } }];
    expect(of({ steps }, {}, { ends: [{ cut: true, failure: 'killed' }] })).toBe('');
    expect(of({ steps }, {}, { ends: [{ cut: false }] })).toContain('was not cut off');
  });

  test('what a watch calls wrong is wrong', () => {
    expect(of({}, {}, { reports: [{ wrong: [] }, { wrong: ['mariadb was restarted'] }] })).toBe(
      'mariadb was restarted',
    );
  });

  test('the sum is of the scenarios that promise, alone', () => {
    const one = measured({}, { load: load({ requests: 500 }) });
    const control = measured({ failing: 'must' }, { load: load({ failed: 9 }) });
    const lines = scenarioTable(ROLL_COLUMNS, 'all that promise 0 failed', [one, control]).split('\n');
    expect(lines.at(-1)).toMatch(/^all that promise 0 failed +500 +0$/);
    expect(lines[1]).toMatch(/^x +500 +0 +0 +1 +2 +0\.01 s userservice +1 +holds$/);
    expect(lines[2]).toMatch(/fails, as it must$/);
  });
});
