import { parsePlanArguments } from '../../../../operations/plan/arguments';
import { UsageError } from '../../../../operations/terminal/command-line';

test('without arguments it is production, in words, and only looks', () => {
  expect(parsePlanArguments([], {})).toEqual({
    environment: 'production',
    json: false,
    gate: false,
    acknowledge: [],
  });
});

test('takes everything that a workflow says', () => {
  const args = ['--environment=staging', '--gate', '--json', '--markdown', 'plan.md', '--acknowledge=edge'];
  expect(parsePlanArguments(args, { ACKNOWLEDGE: 'mariadb', PLATFORM_ENVIRONMENT: 'lab' })).toEqual({
    environment: 'staging',
    json: true,
    gate: true,
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
])('refuses %j', (args) => expect(() => parsePlanArguments(args, {})).toThrow(UsageError));
