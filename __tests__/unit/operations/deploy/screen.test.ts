import { tellVerdict } from '../../../../operations/deploy/text';
import type { VerdictRow } from '../../../../operations/deploy/verdict';
import type { ServiceChange } from '../../../../operations/plan/changes/model';
import { readPlan } from '../../../../operations/plan/changes/read-plan';
import { tellPlan } from '../../../../operations/plan/read-and-judge';
import { Redactor } from '../../../../operations/redact/redactor';
import { consoleOn } from '../../../support/console';
import { Emulator } from '../../../support/emulator';

const LONG = 'abcdefg,'.repeat(74);
const CASES = [
  [80, 24],
  [40, 10],
  [200, 50],
].flatMap(([columns, rows]) => [1, 10, 200].map((count) => [columns!, rows!, count] as const));

const ids = (count: number) =>
  Array.from({ length: count }, (_, at) => `service-${String(at + 1).padStart(3, '0')}`);
const rows = (count: number): VerdictRow[] =>
  ids(count).map((service, at) => ({
    service,
    change: at === 0 ? `update: args ${LONG}` : 'update: image web:v1 → web:v2',
    outcome: at % 2 ? 'rolledBack' : 'converged',
    ...(at % 2 ? { putBack: 'done' as const } : {}),
    seconds: 12.3,
  }));
const result = (count: number) => ({
  outcome: 'rolledBack' as const,
  exitCode: 2,
  services: rows(count),
  probe: null,
  runs: ids(count).map((service) => ({
    service,
    running: '2 × registry.example/web:v1 and 1 × registry.example/web:v2',
  })),
});
const NEXT = `docker -H ssh://deploy@${'a-long-host-name.'.repeat(5)}example stack services shop`;

test.each(CASES)(
  'a verdict on %i columns, %i rows has each of %i services once, and all of its change',
  async (columns, height, count) => {
    const terminal = new Emulator(columns, height);
    tellVerdict(consoleOn(terminal), result(count), NEXT);
    const lines = await terminal.lines();
    const [verdict, runs] = [
      lines.slice(0, lines.indexOf('  runs now:')),
      lines.slice(lines.indexOf('  runs now:')),
    ];
    for (const [at, service] of ids(count).entries()) {
      const [line, ...more] = verdict.filter((one) => one.trim().split(' ')[0] === service);
      expect(more).toEqual([]);
      const words = at % 2 ? 'ROLLED BACK, PUT BACK' : 'converged';
      // In its own line, or in the paragraph below.
      const rest = verdict.slice(verdict.indexOf(line!));
      expect(rest.find((one) => one.includes(words))).toBeDefined();
      expect(runs.filter((one) => one.trim().split(' ')[0] === service)).toHaveLength(1);
    }
    expect(verdict.filter((one) => one.includes('converged'))).toHaveLength(Math.ceil(count / 2));
    expect(verdict.filter((one) => one.includes('ROLLED BACK, PUT BACK'))).toHaveLength(
      Math.floor(count / 2),
    );
    expect(textOf(verdict)).toContain(LONG);
    // What is typed is one line, however long.
    expect(lines.at(-1)).toBe(`next: ${NEXT}`);
    expect(terminal.written).not.toContain('\u001b');
  },
);

test('a table breaks no row: every line fits, or is what must stay in one piece', async () => {
  const terminal = new Emulator(80, 24);
  tellVerdict(consoleOn(terminal), result(200), 'x');
  expect((await terminal.lines()).filter((line) => line.length > 80)).toEqual([]);
  expect(await terminal.lines()).toContain(
    '  service-002  update: image web:v1 → web:v2      ROLLED BACK, PUT BACK  12.3 s',
  );
});

test('in a pipe a verdict is one line each, however long', () => {
  let text = '';
  tellVerdict(consoleOn({ columns: 80, write: (more) => (text += more) }), result(2), 'x');
  expect(text).toContain(`update: args ${LONG}  converged`);
});

function plan(count: number) {
  const empty = readPlan({}, { settings: {}, services: [], now: new Date(0) });
  const services = ids(count).map(
    (service): ServiceChange => ({
      service,
      action: 'update',
      what: `args ${LONG}`,
      how: 'rolling, start-first',
      restarts: true,
      downtime: false,
      downtimeSeconds: 0,
      seconds: 26,
      drift: [],
      volumes: [],
      risks: ['a new major version of a database, which no rollback undoes'],
      notes: [],
    }),
  );
  return { ...empty, services };
}

const judged = (count: number) => ({
  plan: plan(count),
  capacity: undefined,
  strangers: [],
  verdict: { passes: true, missing: [], acknowledged: [], unused: [], refusals: [] },
});

test.each(CASES)(
  'a plan on %i columns, %i rows has each of %i services once, and all that changes',
  async (columns, height, count) => {
    const terminal = new Emulator(columns, height);
    tellPlan(consoleOn(terminal), judged(count), new Redactor({}));
    const lines = await terminal.lines();
    for (const service of ids(count)) {
      expect(lines.filter((line) => line.startsWith(`  update  ${service}`))).toHaveLength(1);
    }
    expect(textOf(lines).split(LONG)).toHaveLength(count + 1);
    expect(lines.filter((line) => /^ {2}(update| )/.test(line) && line.length > columns)).toEqual([]);
    expect(terminal.written).not.toContain('\u001b');
  },
);

test('a secret that would be broken into two lines is found', () => {
  const secret = 'abcdefg,'.repeat(20);
  const console = consoleOn(new Emulator(40, 10));
  expect(() => tellPlan(console, judged(1), new Redactor({ TF_VAR_x: secret }))).toThrow();
});

test('in a pipe a plan is one line for each service', () => {
  let text = '';
  tellPlan(consoleOn({ columns: 80, write: (more) => (text += more) }), judged(1), new Redactor({}));
  expect(text).toContain(`  update  service-001  args ${LONG} · rolling, start-first`);
});

/** All letters, wherever a line was broken. */
const textOf = (lines: readonly string[]): string =>
  lines.flatMap((line) => line.split(' ').filter((word) => /^[a-g,]+$/.test(word))).join('');
