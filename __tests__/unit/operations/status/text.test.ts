import { assess } from '../../../../operations/status/assess';
import { render } from '../../../../operations/status/text';
import { COLOURS, NO_COLOURS, paintFor } from '../../../../operations/terminal/paint';
import { formatAge, formatSize } from '../../../../operations/terminal/quantities';
import { Screen } from '../../../../operations/terminal/screen';
import { crop, textWidth } from '../../../../operations/terminal/width';
import { answers, WISH } from './answers';

const status = assess(answers(), WISH);

test('shows all of it on one screen', () => {
  expect(render(status, NO_COLOURS)).toBe(`\
shop on ssh://deploy@vps, 2026-01-02 03:04:05 UTC: all 1 services well

SERVICE  REPLICAS  HEALTH   IMAGE  RUNS FOR  LAST ROLLOUT        FAILED IN 1 H
web      2/2       healthy  v2     10 min    created 10 min ago  0

certificate  shop.example:443 shop.example by Let's Encrypt R11, 60 days left
node vps     ready, active, leader, 2 tasks reserve 0.5 of 4 CPUs and 512 MiB of 8.0 GiB
load         0.50 0.40 0.30; memory 4.0 GiB of 8.0 GiB available; disk 40 GiB of 80 GiB free at /var/lib/docker
docker       3 images 3.0 GiB (1.0 GiB unused), 2 containers 1.0 KiB, 2 volumes 5.0 GiB
volumes      shop_data 5.0 GiB`);
});

test('says what is not available, what failed and what to look at', () => {
  const { usage: _usage, figures: _figures, ...bare } = answers();
  const [service] = bare.services;
  const rolledBack = {
    ...service!,
    UpdateStatus: { State: 'rollback_completed' as const, StartedAt: service!.UpdatedAt },
  };
  const poor = { ...bare, services: [rolledBack], containers: [], certificate: { error: 'refused' } };
  const text = render(assess(poor, WISH), NO_COLOURS);
  expect(text).toMatch(/1 of 1 services not well/);
  expect(text).toMatch(/web +2\/2 +running .* ROLLED BACK 0 s ago/);
  expect(text).toMatch(/certificate +not available \(shop\.example:443: refused\)/);
  expect(text).toMatch(/load +not available/);
  expect(text).toMatch(/docker +not available/);
  expect(text).toMatch(/\n! no certificate could be seen/);
});

test('colours change no column', () => {
  const plain = render(status, NO_COLOURS).split('\n');
  const coloured = render(status, COLOURS).split('\n');
  expect(coloured.join('')).toContain('\u001b[32m');
  expect(coloured.map(textWidth)).toEqual(plain.map((line) => line.length));
});

test('colours only a terminal, and not one that asks for none', () => {
  expect(paintFor(true, {})).toBe(COLOURS);
  expect(paintFor(true, { NO_COLOR: '' })).toBe(COLOURS);
  expect(paintFor(true, { NO_COLOR: '1' })).toBe(NO_COLOURS);
  expect(paintFor(true, { TERM: 'dumb' })).toBe(NO_COLOURS);
  expect(paintFor(undefined, {})).toBe(NO_COLOURS);
  expect(paintFor(undefined, { FORCE_COLOR: '1' })).toBe(COLOURS);
  expect(paintFor(true, { FORCE_COLOR: '0' })).toBe(NO_COLOURS);
  expect(paintFor(true, { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(NO_COLOURS);
});

test('crops by what is seen, and ends the colour', () => {
  expect(crop('\u001b[31mabcdef\u001b[0mgh', 3)).toBe('\u001b[31mabc\u001b[0m');
  expect(crop('abc', 9)).toBe('abc');
});

test('writes times and sizes short', () => {
  const day = 86_400_000;
  expect([-5, 119_000, 121_000, 7_200_000, 3 * day].map(formatAge)).toEqual([
    '0 s',
    '119 s',
    '2 min',
    '2 h',
    '3 d',
  ]);
  expect([0, 1023, 1024, 15 * 1024 ** 2].map(formatSize)).toEqual(['0 B', '1023 B', '1.0 KiB', '15 MiB']);
});

describe('a watch', () => {
  const written = (terminal: object) => {
    const texts: string[] = [];
    const screen = new Screen({ ...terminal, write: (text) => texts.push(text) });
    screen.show('first line\nsecond');
    screen.show('third');
    return texts;
  };

  test('redraws a terminal, within its size, and leaves nothing of the last block', () => {
    const [first, second] = written({ isTTY: true, columns: 5, rows: 2 });
    expect(first).toBe('\u001b[2J\u001b[H\u001b[?7lfirs\u001b[K\n\u001b[?7h\u001b[J');
    expect(second).toBe('\u001b[H\u001b[?7lthir\u001b[K\n\u001b[?7h\u001b[J');
  });

  test('shows something on a terminal of unknown size', () => {
    expect(written({ isTTY: true, columns: 0, rows: 0 })[1]).toContain('third');
  });

  test('writes plain blocks elsewhere', () => {
    expect(written({})).toEqual(['first line\nsecond\n', '\nthird\n']);
  });
});
