import type { Measured } from '../../../../proof/runner/measure';
import type { Scenario } from '../../../../proof/runner/scenario';
import { scenarioTable } from '../../../../proof/runner/text';
import { ROTATION_COLUMNS, rotations } from '../../../../proof/scenarios/rotate';
import { reportObjects } from '../../../../proof/watch/rotation';
import { reportTokens } from '../../../../proof/watch/tokens';
import { platform } from '../../../../services.config';

const named = (name: string): Scenario => rotations.find((rotation) => rotation.name === name)!;

describe('the rotations', () => {
  test('every secret of the catalogue is among them', () => {
    const first = Object.fromEntries(Object.keys(platform.secrets).map((name) => [name, name]));
    const touched = rotations.flatMap(({ steps, before }) =>
      [...steps, ...(before ? [before] : [])].flatMap(({ values }) =>
        Object.keys(values?.({ first, now: first }) ?? {}),
      ),
    );
    expect(new Set(touched)).toEqual(
      new Set([
        'db_password',
        'jwt_secret_key',
        'jwt_accepted_keys',
        'smtp_username',
        'smtp_password',
        'registry_username',
        'registry_password',
      ]),
    );
  });

  test('change to another value each time, and back to the very first', () => {
    const first = { db_password: 'first' };
    const [one, two, back] = named('database-twice').steps.map(
      (step) => step.values!({ first, now: first }).db_password,
    );
    expect(new Set([one, two, 'first']).size).toBe(3);
    expect(back).toBe('first');
  });

  test('swap the announced key and the key in force', () => {
    const [announce, change] = named('jwt-list').steps;
    const { jwt_accepted_keys: next = '' } = announce!.values!({ first: {}, now: {} });
    const now = { jwt_secret_key: 'old', jwt_accepted_keys: next };
    expect(change!.values!({ first: {}, now })).toEqual({ jwt_secret_key: next, jwt_accepted_keys: 'old' });
  });
});

test('the table has what rotated, requests, failed, seconds, objects left and tokens refused', () => {
  const load = {
    start: 0,
    end: 0,
    requests: 5000,
    failed: 0,
    failedPosts: 0,
    posts: 900,
    p50: 1,
    p99: 2,
    max: 3,
    longestGap: { milliseconds: 1, service: 'userservice', start: 0 },
    kinds: {},
    failures: [],
    perSecond: [],
    generatorDelay: 0,
  };
  const rotated = (more: Partial<Measured> = {}): Measured => ({
    scenario: named('database'),
    load,
    seconds: 90.4,
    busy: 1,
    ends: [],
    reports: [reportObjects([])],
    ...more,
  });
  const shown = (asked: number, refused: number) => ({ asked, refused });
  const tokens = { held: shown(100, 41), heldAfter: shown(20, 20), fresh: shown(80, 0), failed: [] };
  const table = scenarioTable(ROTATION_COLUMNS, 'all', [
    rotated(),
    rotated({ scenario: named('jwt'), reports: [reportTokens(tokens, 'measured'), reportObjects([])] }),
    rotated({ load: { ...load, failed: 2 }, reports: [reportObjects(['x'])] }),
  ]);
  expect(table.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
    ['what rotated', 'requests', 'failed', 'seconds', 'objects left', 'tokens refused', 'verdict'],
    ['database password', '5000', '0', '90', '0', '–', 'holds'],
    [named('jwt').title, '5000', '0', '90', '0', 'old 41 of 100, then 20 of 20; new 0 of 80', 'holds'],
    ['database password', '5000', '2', '90', '1', '–', 'BROKEN'],
    ['all', '15000', '2'],
  ]);
});
