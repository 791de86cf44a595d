import { sameImage, shortImage } from '../../../../operations/images/same-image';

const digest = `sha256:${'a'.repeat(64)}`;

test.each([
  ['app:v1', 'app:v1'],
  ['app:v1', `app:v1@${digest}`],
  ['nginx', 'nginx:latest'],
  ['docker.io/library/nginx:1.27', `nginx:1.27@${digest}`],
  [`ghcr.io/o/app@${digest}`, `ghcr.io/o/app:v7@${digest}`],
  ['localhost:5000/app', 'localhost:5000/app:latest'],
])('%s is what runs as %s', (planned, actual) => {
  expect(sameImage(planned, actual)).toBe(true);
});

test.each([
  ['app:v1', 'app:v2'],
  ['app:v1', 'other/app:v1'],
  [`app:v1@${digest}`, 'app:v1'],
  [`app:v1@${digest}`, `app:v1@sha256:${'b'.repeat(64)}`],
])('%s is not what runs as %s', (planned, actual) => {
  expect(sameImage(planned, actual)).toBe(false);
});

test('is short for people: the tag, or the start of the digest where there is none', () => {
  expect(shortImage(`ghcr.io/o/app:v7@${digest}`)).toBe('app:v7');
  expect(shortImage(`ghcr.io/o/app@${digest}`)).toBe('app@aaaaaaaaaaaa');
});
