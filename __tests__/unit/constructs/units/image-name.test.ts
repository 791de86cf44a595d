import { parseImage, registryHost } from '../../../../constructs/units';

const digest = `sha256:${'a'.repeat(64)}`;

test.each([
  ['nginx', 'docker.io', 'library/nginx', undefined],
  ['nginx:1.30', 'docker.io', 'library/nginx', '1.30'],
  ['library/nginx', 'docker.io', 'library/nginx', undefined],
  ['docker.io/nginx:1.30', 'docker.io', 'library/nginx', '1.30'],
  ['index.docker.io/acme/api:1', 'docker.io', 'acme/api', '1'],
  ['acme/api:1', 'docker.io', 'acme/api', '1'],
  ['ghcr.io/acme/team/api:1', 'ghcr.io', 'acme/team/api', '1'],
  ['localhost/app', 'localhost', 'app', undefined],
  ['localhost:5000/app', 'localhost:5000', 'app', undefined],
  ['127.0.0.1:5000/app:v1', '127.0.0.1:5000', 'app', 'v1'],
])('%s is of %s, %s there, with the tag %s; a digest changes none of it', (image, registry, path, tag) => {
  expect(parseImage(image)).toMatchObject({ registry, path, tag, digest: undefined });
  expect(parseImage(`${image}@${digest}`)).toMatchObject({ registry, path, tag, digest });
});

test('the repository stays as it is written', () => {
  expect(parseImage(`docker.io/nginx:1@${digest}`).repository).toBe('docker.io/nginx');
});

test('whatever an engine says has parts', () => {
  expect(parseImage('?')).toMatchObject({ repository: '?', tag: undefined });
  expect(parseImage('')).toMatchObject({ repository: '', tag: undefined, digest: undefined });
  expect(parseImage(':1')).toMatchObject({ repository: '', tag: '1' });
});

test('each address of Docker Hub means docker.io', () => {
  const hub = ['', 'docker.io', 'https://index.docker.io/v1/', 'registry-1.docker.io'];
  expect(new Set(hub.map(registryHost))).toEqual(new Set(['docker.io']));
  expect(registryHost('http://127.0.0.1:5000/v2/')).toBe('127.0.0.1:5000');
});
