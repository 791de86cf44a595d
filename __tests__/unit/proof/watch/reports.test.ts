import { reportStay } from '../../../../proof/watch/guests';
import { reportObjects } from '../../../../proof/watch/rotation';
import { reportTokens, type TokenReport } from '../../../../proof/watch/tokens';
import { type Frames, reportFrames } from '../../../../proof/watch/viewers';

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

test('frames find their viewers again, and not too late', () => {
  const frames: Frames = { posted: 90, unseen: 8, failed: 0, longestUnseen: 8000, closes: 4, lost: [] };
  const wrong = (more: Partial<Frames> = {}) => reportFrames({ ...frames, ...more }, 10).wrong.join('; ');
  expect(wrong()).toBe('');
  expect(reportFrames(frames, 10).details?.[0]).toContain(
    '90 posted, 8 to a task without the viewer, for 8.0 s',
  );
  expect(wrong({ posted: 0 })).toContain('no frame was posted');
  expect(wrong({ closes: 0 })).toContain('none was rolled');
  expect(wrong({ failed: 1 })).toBe('1 frames were not taken');
  expect(wrong({ longestUnseen: 10_500 })).toContain('reached nobody for 10.5 s');
  expect(wrong({ lost: ['/monitoring/sessions/1'] })).toContain('at /monitoring/sessions/1');
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
