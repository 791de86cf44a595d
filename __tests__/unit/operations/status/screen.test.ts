import { assess } from '../../../../operations/status/assess';
import type { ServiceStatus, Status } from '../../../../operations/status/model';
import { render } from '../../../../operations/status/text';
import { COLOURS, NO_COLOURS } from '../../../../operations/terminal/paint';
import { Screen } from '../../../../operations/terminal/screen';
import { columnsOf } from '../../../../operations/terminal/terminal';
import { Emulator } from '../../../support/emulator';
import { answers, WISH } from './answers';

const DIGEST = 'sha256:0123456789ab';
const WARNING = 'the disk of the server is nearly full: 2.0 GiB of 80 GiB are free at /var/lib/docker';

function statusOf(count: number, unwell: readonly number[] = []): Status {
  const status = assess(answers(), WISH);
  const services = Array.from({ length: count }, (_, at): ServiceStatus => {
    const bad = unwell.includes(at);
    return {
      ...status.services[0]!,
      name: nameOf(at),
      image: { reference: '', tag: '2026-11-24-with-a-long-tag', digest: DIGEST },
      ok: !bad,
      ...(bad ? { health: 'down', running: 0, problem: 'task 1 keeps failing' } : {}),
    };
  });
  return { ...status, services, warnings: [WARNING] };
}

const nameOf = (at: number) => `a-service-with-a-name-${String(at + 1).padStart(3, '0')}`;
const CASES = [
  [80, 24],
  [40, 10],
  [200, 50],
].flatMap(([columns, rows]) => [1, 10, 200].map((count) => [columns!, rows!, count] as const));

test.each(CASES)(
  'on %i columns, %i rows each of %i services is shown once, whole',
  async (columns, rows, count) => {
    for (const paint of [COLOURS, NO_COLOURS]) {
      const terminal = new Emulator(columns, rows);
      terminal.write(`${render(statusOf(count, [0]), paint, { columns: columnsOf(terminal) })}\n`);
      const lines = await terminal.lines();
      for (let at = 0; at < count; at += 1) {
        // The problem is told below, once more by name.
        const named = lines.filter((line) => line.includes(nameOf(at)) && !line.includes('keeps failing'));
        expect(named).toHaveLength(1);
      }
      expect(lines.filter((line) => line.includes('down'))).toHaveLength(1);
      expect(lines.filter((line) => line.includes('healthy'))).toHaveLength(count - 1);
      expect(lines).toContain(`! ${WARNING}`);
      expect(terminal.written.includes('\u001b')).toBe(paint === COLOURS);
      // Rows that the terminal had to break are sentences, not those of a table.
      const broken = lines.filter((line) => line.length > columns);
      expect(broken.filter((line) => !/^(! |shop on | {2}a-service.*: )/.test(line))).toEqual([]);
    }
  },
);

test.each([
  [80, 24, 200, [3, 150]],
  [200, 50, 200, [3, 150]],
  [80, 40, 30, [29]],
])(
  'a watch of %i columns and %i rows shows of %i services what is not well, and counts the rest',
  async (columns, rows, count, unwell) => {
    const terminal = new Emulator(columns, rows);
    const screen = new Screen(terminal);
    screen.show(render(statusOf(count), NO_COLOURS, screen.room));
    screen.show(render(statusOf(count, unwell), NO_COLOURS, screen.room));
    const seen = await terminal.allRows();
    expect(seen.length).toBeLessThan(rows);
    expect(seen.length).toBeGreaterThan(rows - 6);
    for (const at of unwell) expect(seen.filter((line) => line.startsWith(nameOf(at)))).toHaveLength(1);
    const shown = seen.filter((line) => line.startsWith('a-service')).length;
    expect(seen).toContain(`… and ${count - shown} more, all well`);
    expect(seen.join(' ').replace(/ +/g, ' ')).toContain(WARNING);
  },
);

test('a watch that has no room for what is not well says so', async () => {
  const terminal = new Emulator(40, 10);
  const screen = new Screen(terminal);
  screen.show(render(statusOf(200, [1, 2, 3, 4, 5, 6]), NO_COLOURS, screen.room));
  const seen = await terminal.visible();
  expect(seen).toHaveLength(9);
  expect(seen.slice(0, 3).join(' ')).toContain('6 of 200 services not well');
  expect(seen.at(-1)).toMatch(/^… and \d+ more lines: \.\/proctor status$/);
});

test('a service that is on its way to something else is not among the rest', () => {
  const status = statusOf(100);
  const moving = {
    ...status.services[99]!,
    rollout: { ...status.services[99]!.rollout, state: 'updating' as const },
  };
  const text = render({ ...status, services: [...status.services.slice(0, 99), moving] }, NO_COLOURS, {
    columns: 120,
    rows: 20,
  });
  expect(text).toContain(`\n${nameOf(99)} `);
});

test('elsewhere nothing is cut or wrapped', () => {
  const text = render(statusOf(200), NO_COLOURS, { columns: columnsOf({ columns: 80 }) });
  expect(text.split('\n').filter((line) => line.startsWith('a-service'))).toHaveLength(200);
  expect(text).toContain(`2026-11-24-with-a-long-tag@${DIGEST}  10 min`);
});
