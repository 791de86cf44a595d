import { isLoopback, remoteImage } from '../../../../operations/images/reference';

const HUB = { registry: 'docker.io', origin: 'https://registry-1.docker.io' };

test.each([
  ['nginx:1.30', { ...HUB, name: 'library/nginx', tag: '1.30' }],
  ['apache/kafka:4.1.1', { ...HUB, name: 'apache/kafka', tag: '4.1.1' }],
  ['docker.io/nginx:1.30', { ...HUB, name: 'library/nginx', tag: '1.30' }],
  ['index.docker.io/acme/api:1', { ...HUB, name: 'acme/api', tag: '1' }],
  [
    'ghcr.io/acme/team/api:1.0.0',
    { registry: 'ghcr.io', origin: 'https://ghcr.io', name: 'acme/team/api', tag: '1.0.0' },
  ],
  [
    'registry.example.com:5443/api:1',
    {
      registry: 'registry.example.com:5443',
      origin: 'https://registry.example.com:5443',
      name: 'api',
      tag: '1',
    },
  ],
  ['localhost/api:1', { registry: 'localhost', origin: 'http://localhost', name: 'api', tag: '1' }],
  [
    '127.0.0.1:5000/api:1',
    { registry: '127.0.0.1:5000', origin: 'http://127.0.0.1:5000', name: 'api', tag: '1' },
  ],
])('%s is where Docker would look for it', (tagged, expected) => {
  expect(remoteImage(tagged)).toEqual(expected);
});

test.each(['nginx', 'localhost:5000/api', ':1'])('%s has no tag, which is said', (tagged) => {
  expect(() => remoteImage(tagged)).toThrow(`image "${tagged}" has no tag\n  write repository:tag`);
});

test('loopback is localhost and 127.0.0.0/8, and no name that looks like it', () => {
  expect(['localhost', 'localhost:5000', '127.0.0.1:5000', '127.8.9.10'].every(isLoopback)).toBe(true);
  expect(
    ['localhost.example.com', '127.0.0.1.example.com:80', '128.0.0.1', '10.0.0.1'].some(isLoopback),
  ).toBe(false);
});
