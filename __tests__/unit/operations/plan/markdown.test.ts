import { type MarkdownProps, markdown, markerOf } from '../../../../operations/plan/markdown';
import { code, fence, oneLine } from '../../../../operations/terminal/untrusted';
import { need, object, plan, restarting, rolling, verdictOf } from './plans';

const of = (more: Partial<MarkdownProps> = {}) => {
  const read = more.plan ?? plan();
  return markdown({ stack: 'swarm', plan: read, verdict: verdictOf(read), fullText: 'text', ...more });
};
const GITHUB = 65_536;

test('begins with the mark by which a workflow finds it again, whatever the plan is', () => {
  expect(of()).toMatch(/^<!-- plan of swarm -->\n## Plan of <code>swarm<\/code>: ✅ no downtime\n/);
  expect(of({ plan: undefined, verdict: undefined })).toMatch(/^<!-- plan of swarm -->\n.*nothing to do/);
  expect(markerOf('a-->b')).toBe('<!-- plan of a--b -->');
});

test('a lock stands above all, also where nothing is to be done', () => {
  const locked = 'deploys are locked by anna since today: </code>@everyone';
  for (const more of [{}, { plan: undefined, verdict: undefined }])
    expect(of({ locked, ...more }).split('\n')[3]).toBe(`- 🔒 ${code(locked)}`);
});

test('shows a row for each service, what is downtime in bold and first', () => {
  const rows = of({ plan: plan({ services: [rolling(), restarting()] }) })
    .split('\n')
    .filter((line) => line.startsWith('| update'));
  expect(rows).toEqual([
    '| update | <code>edge</code> | <code>image edge:v1 → edge:v2</code> | restarts · **DOWNTIME** about 1 s |',
    '| update | <code>web</code> | <code>image web:v1 → web:v2</code> | rolling, start-first · about 26 s · no downtime |',
  ]);
});

test('what is stopped says what it needs, what was acknowledged is told', () => {
  const read = plan({ services: [restarting()], needs: [need('edge')] });
  expect(of({ plan: read })).toMatch(/⛔ stopped by the policy[\s\S]*<code>ACKNOWLEDGE&#61;edge<\/code>/);
  expect(of({ plan: read, verdict: verdictOf(read, 'edge') })).toMatch(
    /⚠️ acknowledged, with downtime[\s\S]*⚠️ acknowledged <code>edge<\/code>/,
  );
});

test('risks, volumes and what was done by hand are in the row', () => {
  const change = rolling('web', {
    drift: ['scaled by hand to 3'],
    volumes: ['volume data stays'],
    risks: ['one'],
  });
  expect(of({ plan: plan({ services: [change] }) })).toMatch(
    /<br><code>scaled by hand to 3<\/code><br><code>RISK: one<\/code><br><code>volume data stays<\/code>/,
  );
});

test('the full text is folded, in a block that it cannot leave', () => {
  const fullText = 'a\n```\n</details>\n````\n@everyone';
  expect(of({ fullText })).toContain(`<details><summary>the whole plan, as Terraform has it</summary>

\`\`\`\`\`text
a
\`\`\`
</details>
\`\`\`\`
@everyone
\`\`\`\`\`
`);
});

test('a config’s content, one line, does not fill the comment', () => {
  const shown = of({ fullText: `data = "${'x'.repeat(9000)}"\nnext` });
  expect(shown.length).toBeLessThan(1500);
  expect(shown).toMatch(/xxx… \(9009 characters\)\nnext\n/);
});

describe('what others wrote', () => {
  const HOSTILE =
    '`$(reboot)` | <img src=x onerror=alert(1)> @octocat #1 [a](http://b) **x** <!--\n::set-output name=a::b';

  test('is shown as code: nothing of it is Markdown, HTML, a link, a mention or a command', () => {
    const shown = of({
      plan: plan({
        services: [
          rolling(HOSTILE, {
            what: HOSTILE,
            drift: [HOSTILE],
            notes: [HOSTILE],
            image: { from: 'a', to: HOSTILE },
          }),
        ],
        objects: [object({ name: HOSTILE, what: HOSTILE })],
        needs: [{ name: HOSTILE, why: HOSTILE }],
        refusals: [HOSTILE],
        acknowledgedRules: [HOSTILE],
        others: [HOSTILE],
      }),
    });
    const outside = shown
      .slice(shown.indexOf('\n'))
      .replace(/<code>[^<]*<\/code>/g, '')
      .split('<details>')[0]!;
    expect(outside).not.toMatch(/reboot|octocat|img|http|set-output/);
    for (const [, inside] of shown.matchAll(/<code>([^<]*)<\/code>/g)) {
      expect(inside).not.toMatch(/[`@|*[\]()<>$_~\n]/);
    }
  });

  test('stays on its line, without control characters', () => {
    expect(oneLine('a\n::error::b\r\u001b[31mred\u202eevil\u200bx')).toBe('a�::error::b�[31mred�evil�x');
  });

  test('keeps what it says', () => {
    expect(code('a1b2→c3d4 · x')).toBe('<code>a1b2→c3d4 · x</code>');
    expect(code('a&b😀')).toBe('<code>a&#38;b&#128512;</code>');
  });

  test('cannot end a block', () => {
    expect(fence('``````').split('\n')[0]).toBe('```````text');
    expect(fence('no ticks').split('\n')[0]).toBe('```text');
  });
});

describe('a plan with 500 changes', () => {
  const services = Array.from({ length: 500 }, (_, i) =>
    rolling(`service-${i}`, { what: 'x_'.repeat(500), drift: ['@'.repeat(900)] }),
  );
  const many = plan({
    services: [...services, restarting('the-last', { risks: ['it matters'] })],
    objects: Array.from({ length: 500 }, (_, i) => object({ name: `secret_${i}` })),
    needs: Array.from({ length: 500 }, (_, i) => need(`service-${i}`)),
    acknowledgedRules: Array.from(
      { length: 500 },
      (_, i) => `service-${i} breaks limits: ${'#'.repeat(300)}`,
    ),
  });
  const shown = of({ plan: many, fullText: '# ``` resource\n'.repeat(200_000) });

  test('fits into a comment, and is not cut in the middle of a line', () => {
    expect(shown.length).toBeLessThan(GITHUB);
    expect(shown).toMatch(/<\/details>\n$/);
    expect((shown.match(/<code>/g) ?? []).length).toBe((shown.match(/<\/code>/g) ?? []).length);
  });

  test('keeps what a reviewer must see, and says how much is left out', () => {
    expect(shown).toMatch(/the-last[\s\S]*RISK: it matters/);
    expect(shown).toMatch(/… and \d+ more services/);
    expect(shown).toMatch(/… and \d+ more lines: the log of `\.\/proctor plan` has all of it/);
  });

  test('gives what is left of the room to the full text', () => {
    expect(of({ fullText: 'line\n'.repeat(100_000) }).length).toBeGreaterThan(60_000);
  });
});

test('what was changed by hand is not called as the catalogue says', () => {
  const byHand = ['edge has ContainerSpec.Ulimits by hand'];
  const text = of({ plan: undefined, verdict: undefined, byHand });
  expect(text).toMatch(/⚠️ changed by hand\n/);
  expect(text).toContain(`- ${code(byHand[0]!)}\n`);
  expect(text).toContain('The services are else as the catalogue says.');
});
