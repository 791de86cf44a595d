import { readBack } from '../../../../cli/run/rollback';
import { rollback } from '../../../../cli/verbs/rollback';
import { callOf } from '../../../support/cli/call';

const read = (...args: string[]) => {
  const call = callOf(rollback, args, { ACKNOWLEDGE: 'kafka' });
  return readBack(call, call.values.to ?? '');
};

test.each([
  ['41', 41],
  ['previous', 'previous'],
])('--to %s goes back as a deploy does', (word, to) => {
  expect(read('--to', word, '--yes', '--acknowledge', 'edge')).toEqual({
    environment: 'production',
    to,
    yes: true,
    json: false,
    refresh: false,
    skipPreflight: false,
    without: [],
    acknowledge: ['kafka', 'edge'],
  });
});

test.each<[string[], RegExp]>([
  [['--to', '41', 'users'], /names are for an emergency/],
  [['--to', '0'], /"0" is not the number of a release/],
  [['--to', 'HEAD~1'], /"HEAD~1" is not the number of a release/],
  [['--to', '41', '--host', 'ssh://x@y'], /leave out --host/],
  [['--to', '41', '--stack', 'other'], /leave out --host, --stack/],
])('%j is refused', (args, words) => {
  expect(() => read(...args)).toThrow(words);
});
