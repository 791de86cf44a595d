import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labPaths } from '../../../../lab/ground/paths';
import type { LoadResult } from '../../../../proof/load/tally';
import { changed } from '../../../../proof/roll/measure';
import { Project } from '../../../../proof/roll/project';
import { Scissors } from '../../../../proof/rotate/cut';
import { complaints, type Rotated } from '../../../../proof/rotate/measure';
import { type Rotation, rotations, usual } from '../../../../proof/rotate/scenarios';
import { rotationTable } from '../../../../proof/rotate/show';
import { platform } from '../../../../services.config';

const named = (name: string): Rotation => rotations.find((rotation) => rotation.name === name)!;
const load = {
  ...{ start: 0, end: 0, requests: 5000, failed: 0, failedPosts: 0, posts: 900, p50: 1, p99: 2, max: 3 },
  ...{ longestGap: { milliseconds: 1, service: 'userservice', start: 0 }, kinds: {}, failures: [] },
  ...{ perSecond: [], generatorDelay: 0 },
} satisfies LoadResult;
const rotated = (more: Partial<Rotated> = {}): Rotated => ({
  ...{ rotation: named('database'), load, seconds: 90.4, left: [], wrong: [] },
  ...more,
});
const shown = (asked: number, refused: number) => ({ asked, refused });
const tokens = { held: shown(100, 0), heldAfter: shown(20, 0), fresh: shown(80, 0), failed: [] };

describe('the rotations', () => {
  test('have names of their own, and every secret of the catalogue is among them', () => {
    expect(new Set(rotations.map(({ name }) => name)).size).toBe(rotations.length);
    const first = Object.fromEntries(Object.keys(platform.secrets).map((name) => [name, name]));
    const touched = usual.flatMap(({ steps, before }) =>
      [...steps, ...(before ? [before] : [])].flatMap(({ values }) =>
        Object.keys(values?.({ first, now: first }) ?? {}),
      ),
    );
    expect(new Set(touched)).toEqual(
      new Set([
        ...['db_password', 'jwt_secret_key', 'jwt_accepted_keys', 'smtp_username', 'smtp_password'],
        ...['registry_username', 'registry_password'],
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

  test('are all possible in the project as it is', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rotate-'));
    const project = new Project(process.cwd(), join(folder, 'copy'));
    for (const { before = {}, steps } of rotations) {
      let variant = changed({}, before.change ?? {});
      for (const step of steps) {
        variant = changed(variant, step.change ?? {});
        expect(() => project.become(variant)).not.toThrow();
      }
    }
    project.remove();
    rmSync(folder, { recursive: true });
  });
});

describe('what is wrong', () => {
  test.each<[string, Partial<Rotated>, RegExp]>([
    ['one failed request', { load: { ...load, failed: 1 } }, /^1 requests failed, none may$/],
    ['no load', { load: { ...load, requests: 3 } }, /nothing was measured/],
    [
      'an object that stays behind',
      { left: ['proctorwise_db_password_0123456789'] },
      /nothing uses: proctorwise_db_/,
    ],
    ['anything that was looked at', { wrong: ['mariadb was restarted'] }, /^mariadb was restarted$/],
    [
      'a token that is refused although none may be',
      { rotation: named('jwt-list'), tokens: { ...tokens, fresh: shown(80, 1) } },
      /^1 tokens were refused, none may$/,
    ],
    [
      'an old token that is good after its key has gone',
      { rotation: named('jwt'), tokens: { ...tokens, heldAfter: shown(20, 19) } },
      /still good/,
    ],
    [
      'clients with tokens that never asked',
      { rotation: named('jwt-list'), tokens: { ...tokens, fresh: shown(0, 0) } },
      /nothing was measured/,
    ],
    [
      'another answer than 200 and 401',
      { rotation: named('jwt-list'), tokens: { ...tokens, failed: ['502'] } },
      /: 502$/,
    ],
  ])('%s is told', (_, more, words) => {
    expect(complaints(rotated(more))).toEqual([expect.stringMatching(words)]);
  });

  test('is nothing where all holds', () => {
    expect(complaints(rotated())).toEqual([]);
    expect(complaints(rotated({ rotation: named('jwt-list'), tokens }))).toEqual([]);
  });
});

test('the table has what rotated, requests, failed, seconds, objects left and tokens refused', () => {
  const table = rotationTable([
    rotated(),
    rotated({
      rotation: named('jwt'),
      tokens: { ...tokens, held: shown(100, 41), heldAfter: shown(20, 20) },
    }),
    rotated({ load: { ...load, failed: 2 }, left: ['x'] }),
  ]);
  expect(table.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
    ['what rotated', 'requests', 'failed', 'seconds', 'objects left', 'tokens refused', 'verdict'],
    ['database password', '5000', '0', '90', '0', '–', 'holds'],
    [named('jwt').title, '5000', '0', '90', '0', 'old 41 of 100, then 20 of 20; new 0 of 80', 'holds'],
    ['database password', '5000', '2', '90', '1', '–', 'BROKEN'],
    ['all', '15000', '2'],
  ]);
});

test('a deploy that never came to the line was not cut off', async () => {
  const scissors = new Scissors(labPaths(join(tmpdir(), 'no-lab-here')));
  scissors.arm({ how: 'killed', line: /^never$/ });
  scissors.see('  something else');
  expect(await scissors.done()).toBe(false);
  scissors.arm({ how: 'killed', line: /^now$/ });
  scissors.see('  now');
  expect(await scissors.done()).toBe(true);
});
