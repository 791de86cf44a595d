import { parseRequest } from '../../../../operations/images/request';
import { digestOf } from './fake-registry';

const NOTHING = { check: false, services: [], given: new Map() };

test('no arguments mean all images', () => expect(parseRequest([])).toEqual(NOTHING));

test('words are services', () => {
  expect(parseRequest(['userservice', 'nginx'])).toEqual({ ...NOTHING, services: ['userservice', 'nginx'] });
});

test('--set gives digests, in either form and more than once', () => {
  expect(
    parseRequest(['--set', `nginx:1.30=${digestOf('a')}`, `--set=127.0.0.1:5000/api:1=${digestOf('b')}`]),
  ).toEqual({
    ...NOTHING,
    given: new Map([
      ['nginx:1.30', digestOf('a')],
      ['127.0.0.1:5000/api:1', digestOf('b')],
    ]),
  });
});

test('--check stands alone', () => {
  expect(parseRequest(['--check'])).toEqual({ ...NOTHING, check: true });
  expect(parseRequest(['--check', 'nginx'])).toBe('--check takes nothing else');
});

test.each([
  [['--force'], 'there is no option --force'],
  [['--set'], '--set : write repository:tag=sha256: and 64 hexadecimal digits'],
  [
    ['--set', 'nginx:1.30=latest'],
    '--set nginx:1.30=latest: write repository:tag=sha256: and 64 hexadecimal digits',
  ],
  [
    ['--set', `nginx:1.30=${digestOf('A')}`],
    `--set nginx:1.30=${digestOf('A')}: write repository:tag=sha256: and 64 hexadecimal digits`,
  ],
])('%j is refused', (args, message) => expect(parseRequest(args)).toBe(message));
