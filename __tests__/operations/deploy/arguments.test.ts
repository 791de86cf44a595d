import { parseArguments, UsageError } from '../../../operations/deploy/arguments';

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
    ...{ yes: true, json: true, skipPreflight: true },
  });
});

test.each([
  [['--force']],
  [['production']],
  [['--environment']],
  [['--environment', '../x']],
  [['--environment=']],
])('refuses %j', (args) => {
  expect(() => parseArguments(args, {})).toThrow(UsageError);
});
