import { markdown } from '../../../../operations/deploy/markdown';
import type { DeployResult } from '../../../../operations/deploy/result';
import { Console } from '../../../../operations/terminal/console';

function written(json: boolean, shell: Record<string, string>, work: (console: Console) => void) {
  const text = { out: '', error: '' };
  const into = (where: 'out' | 'error') => (chunk: unknown) => {
    text[where] += String(chunk);
    return true;
  };
  const spies = [
    jest.spyOn(process.stdout, 'write').mockImplementation(into('out')),
    jest.spyOn(process.stderr, 'write').mockImplementation(into('error')),
  ];
  try {
    work(new Console(json, shell));
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return text;
}

test('in GitHub Actions parts fold, each closed before the next, and errors show on the page', () => {
  const { out } = written(false, { GITHUB_ACTIONS: 'true' }, (console) => {
    console.part('plan');
    console.say('a');
    console.part('apply');
    console.fault('bad\n100 %');
  });
  expect(out).toBe('::group::plan\na\n::endgroup::\n::group::apply\n::endgroup::\n::error::bad%0A100 %25\n');
});

test('what others wrote paints nothing, and is no command of a CI', () => {
  const hostile = 'x\u001b[2J\n::stop-commands::y ##[error]z';
  const harmless = 'x\n: :stop-commands::y ## [error]z';
  const { out } = written(false, {}, (console) => {
    console.fault(hostile);
    console.item('!', 'a', hostile);
    console.finding({ check: 'c', level: 'warning', text: hostile, fix: hostile });
  });
  expect(out.split(harmless)).toHaveLength(5);
  expect(out).not.toContain('\u001b');
  expect(out).not.toMatch(/^::|##\[/m);
});

test('with --json standard output is left to the object', () => {
  const { out, error } = written(true, {}, (console) => {
    console.part('plan');
    console.fault('bad');
  });
  expect(out).toBe('');
  expect(error).toBe('\nplan\nerror: bad\n');
});

test('a finding that is not ok shows what to do', () => {
  const { out } = written(false, {}, (console) => {
    const commands = ['docker ps &&', '  true'];
    console.finding({ check: 'disk', level: 'warning', text: 'little', fix: 'free some:', commands });
  });
  expect(out).toMatch(/! disk +little\n +→ free some:\n {4}docker ps &&\n {6}true\n/);
});

const result: DeployResult = {
  stack: 'swarm',
  environment: 'production',
  outcome: 'rolledBack',
  exitCode: 2,
  seconds: 61.2,
  plan: null,
  preflight: [
    { check: 'disk', level: 'warning', text: 'little', fix: 'free some', commands: ['df', 'rm it'] },
    { check: 'swarm', level: 'ok', text: 'a manager' },
  ],
  services: [
    { service: 'web', change: 'update: a|b', outcome: 'rolledBack', seconds: 3, report: 'web FAILED' },
  ],
  probe: { requests: 9, failures: 1, covered: 0, p50: 2, p99: 3, examples: [], breaches: [] },
  runs: [],
  error: null,
};

test('the summary for GitHub has the verdict, what was not well, and the report of what failed', () => {
  const text = markdown(result);
  expect(text).toMatch(/^## Deploy of `swarm`: ❌ rolledBack\n/);
  expect(text).toContain('⚠️ **disk** little → free some\n  ```sh\n  df\n  rm it\n  ```\n');
  expect(text).not.toMatch(/a manager/);
  expect(text).toMatch(/\| web \| update: a\\\|b \| ROLLED BACK \| 3\.0 \|/);
  expect(text).toMatch(/```text\nweb FAILED\n```/);
  expect(text).toMatch(/9 requests, 1 failed/);
});
