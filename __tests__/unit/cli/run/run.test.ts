import { parse } from '../../../../cli/parse/parse';
import { read } from '../../../../cli/run/run';

const typed = (...args: string[]) => {
  const { values, words } = parse(['run', ...args]);
  const call = { values, words, shell: { DOCKER_HOST: 'ssh://deploy@203.0.113.10' }, projectFolder: '.' };
  return read(call as never, { stack: 'shop' });
};

test('what stands behind -- is the command, options of its own included', () => {
  expect(typed('--timeout', '5m', 'web', '--', 'python', '-c', 'print(1)', '--help')).toMatchObject({
    target: { host: 'ssh://deploy@203.0.113.10' },
    stack: 'shop',
    service: 'web',
    command: ['python', '-c', 'print(1)', '--help'],
    timeoutSeconds: 300,
  });
  expect(typed('web', '--', 'env').timeoutSeconds).toBeUndefined();
  // A job has a command of its own.
  expect(typed('tidy-up').command).toEqual([]);
});

test('a command without -- whose options would be ours is refused', () => {
  expect(() => typed('web', 'python', '-c', 'x')).toThrow(/-c/);
});
