import { read } from '../../../../cli/run/deploy';
import { deploy } from '../../../../cli/verbs/deploy';
import type { Shell } from '../../../../contract/shell';
import { UsageError } from '../../../../operations/terminal/usage-error';
import { callOf } from '../../../support/cli/call';

const parseArguments = (args: readonly string[], shell: Shell) => read(callOf(deploy, args, shell));

test('the environment is the argument, then the variable, then production', () => {
  const environment = (args: string[], env = {}) => parseArguments(args, env).environment;
  expect(environment([])).toBe('production');
  expect(environment([], { PLATFORM_ENVIRONMENT: 'lab' })).toBe('lab');
  expect(environment(['--environment', 'staging'], { PLATFORM_ENVIRONMENT: 'lab' })).toBe('staging');
  expect(environment(['--environment=staging'])).toBe('staging');
});

test('asks, prints words and looks first unless it is told otherwise', () => {
  expect(parseArguments([], {})).toMatchObject({ yes: false, json: false, skipPreflight: false });
  expect(parseArguments(['--yes', '--json', '--skip-preflight'], {})).toMatchObject({
    yes: true,
    json: true,
    skipPreflight: true,
  });
});

test('optional secrets that are to go are named one by one', () => {
  expect(parseArguments([], {}).without).toEqual([]);
  expect(parseArguments(['--without', 'b,c'], { WITHOUT: 'a' }).without).toEqual(['a', 'b', 'c']);
  expect(parseArguments(['--without', 'a', '--yes', '--without=b'], {})).toMatchObject({
    without: ['a', 'b'],
    yes: true,
  });
});

test('names to acknowledge come from arguments and the variable', () => {
  const { acknowledge } = parseArguments(['--acknowledge', 'edge,mariadb', '--acknowledge=kafka'], {
    ACKNOWLEDGE: 'kafka, nginx',
  });
  expect(acknowledge).toEqual(['kafka', 'nginx', 'edge', 'mariadb']);
  expect(parseArguments([], {}).acknowledge).toEqual([]);
});

test.each([
  [['--without']],
  [['--without', '--yes']],
  [['--force']],
  [['--acknowledge']],
  [['production']],
  [['--environment']],
  [['--environment', '../x']],
  [['--environment=']],
])('refuses %j', (args) => {
  expect(() => parseArguments(args, {})).toThrow(UsageError);
});
