import { reportStay } from '../../../../proof/watch/guests';
import { reportObjects } from '../../../../proof/watch/rotation';
import { reportTokens, type TokenReport } from '../../../../proof/watch/tokens';

test('WebSockets end with 1001 or 1012, come back, and no long request is lost', () => {
  const stay = {
    closes: { 1012: 4 },
    opened: 8,
    silent: 0,
    refusedReconnects: 0,
    slowestReconnect: 50,
    longRequests: 3,
    longFailed: [],
  };
  const wrong = (more: Partial<Parameters<typeof reportStay>[0]> = {}, abruptCloses = false) =>
    reportStay({ ...stay, ...more }, abruptCloses).wrong.join('; ');
  expect(wrong()).toBe('');
  expect(wrong({ closes: { 1006: 1 } })).toBe('1 WebSockets were closed with 1006');
  expect(wrong({ closes: { 1006: 1 } }, true)).toBe('');
  expect(wrong({ closes: {} })).toContain('none was rolled');
  expect(wrong({ silent: 2 })).toContain('open and silent');
  expect(wrong({ refusedReconnects: 1 })).toContain('was not opened');
  expect(wrong({ longRequests: 0 })).toContain('no long request was sent');
  expect(wrong({ longFailed: ['12:00 reset'] })).toContain('12:00 reset');
});

describe('clients with tokens', () => {
  const shown = (asked: number, refused: number) => ({ asked, refused });
  const good: TokenReport = {
    held: shown(100, 0),
    heldAfter: shown(20, 0),
    fresh: shown(80, 0),
    failed: [],
  };

  test.each<[string, 'none' | 'measured', Partial<TokenReport>, RegExp]>([
    [
      'a token that is refused although none may be',
      'none',
      { fresh: shown(80, 1) },
      /^1 tokens were refused, none may$/,
    ],
    [
      'an old token that is good after its key has gone',
      'measured',
      { heldAfter: shown(20, 19) },
      /still good/,
    ],
    ['clients that never asked', 'none', { fresh: shown(0, 0) }, /nothing was measured/],
    ['another answer than 200 and 401', 'none', { failed: ['502'] }, /: 502$/],
  ])('%s is told', (_, refusals, more, words) => {
    expect(reportTokens({ ...good, ...more }, refusals).wrong).toEqual([expect.stringMatching(words)]);
  });

  test('nothing is wrong where none was refused', () => {
    expect(reportTokens(good, 'none').wrong).toEqual([]);
  });
});

test('an object that stays behind is told by its name', () => {
  expect(reportObjects(['proctorwise_db_password_0123456789']).wrong).toEqual([
    expect.stringMatching(/nothing uses: proctorwise_db_/),
  ]);
  expect(reportObjects([]).wrong).toEqual([]);
});
