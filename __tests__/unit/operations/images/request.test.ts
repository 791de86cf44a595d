import { requestOf } from '../../../../operations/images/request';
import { UsageError } from '../../../../operations/terminal/usage-error';
import { digestOf } from './fake-registry';

const ASKED = { check: false, services: [], set: [] };
const NOTHING = { check: false, services: [], given: new Map() };

test('no arguments mean all images', () => expect(requestOf(ASKED)).toEqual(NOTHING));

test('words are services', () => {
  const services = ['userservice', 'nginx'];
  expect(requestOf({ ...ASKED, services })).toEqual({ ...NOTHING, services });
});

test('--set gives digests, more than once', () => {
  const set = [`nginx:1.30=${digestOf('a')}`, `127.0.0.1:5000/api:1=${digestOf('b')}`];
  expect(requestOf({ ...ASKED, set })).toEqual({
    ...NOTHING,
    given: new Map([
      ['nginx:1.30', digestOf('a')],
      ['127.0.0.1:5000/api:1', digestOf('b')],
    ]),
  });
});

test('--check stands alone', () => {
  expect(requestOf({ ...ASKED, check: true })).toEqual({ ...NOTHING, check: true });
  const call = () => requestOf({ ...ASKED, check: true, services: ['nginx'] });
  expect(call).toThrow('--check takes nothing else\nleave out the services and --set');
});

test.each(['', 'nginx:1.30=latest', `nginx:1.30=${digestOf('A')}`])('--set %s is refused', (text) => {
  const call = () => requestOf({ ...ASKED, set: [text] });
  expect(call).toThrow(UsageError);
  expect(call).toThrow(`--set ${text} has no digest\nwrite repository:tag=sha256: and 64 hexadecimal digits`);
});
