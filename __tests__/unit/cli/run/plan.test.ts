import { read } from '../../../../cli/run/plan';
import { plan } from '../../../../cli/verbs/plan';
import type { Shell } from '../../../../contract/shell';
import { UsageError } from '../../../../operations/terminal/usage-error';
import { callOf } from '../../../support/cli/call';

const parseArguments = (args: readonly string[], shell: Shell) => read(callOf(plan, args, shell));

test('without arguments it is production, in words, and only looks', () => {
  expect(parseArguments([], {})).toEqual({
    environment: 'production',
    json: false,
    gate: false,
    refresh: false,
    acknowledge: [],
  });
});

test('takes everything that a workflow says', () => {
  const args = [
    '--environment=staging',
    '--gate',
    '--refresh',
    '--json',
    '--markdown',
    'plan.md',
    '--acknowledge=edge',
  ];
  expect(parseArguments(args, { ACKNOWLEDGE: 'mariadb', PLATFORM_ENVIRONMENT: 'lab' })).toEqual({
    environment: 'staging',
    json: true,
    gate: true,
    refresh: true,
    markdown: 'plan.md',
    acknowledge: ['mariadb', 'edge'],
  });
});

test.each([
  [['--yes']],
  [['production']],
  [['--markdown']],
  [['--markdown', '--json']],
  [['--acknowledge=']],
  [['--environment', '../x']],
  [['--environment', '$(reboot)']],
])('refuses %j', (args) => expect(() => parseArguments(args, {})).toThrow(UsageError));
