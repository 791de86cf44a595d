import { ImageRef } from '../../../../constructs/units';

const DIGEST = `sha256:${'a'.repeat(64)}`;

test.each([
  ['nginx:1.30', 'nginx', '1.30', undefined],
  ['my_api:1', 'my_api', '1', undefined],
  ['apache/kafka:4.1.1', 'apache/kafka', '4.1.1', undefined],
  ['ghcr.io/acme/api:1.8.2', 'ghcr.io/acme/api', '1.8.2', undefined],
  ['127.0.0.1:5000/api:dev', '127.0.0.1:5000/api', 'dev', undefined],
  ['registry:5000/acme/my_api:v1_2-rc.1', 'registry:5000/acme/my_api', 'v1_2-rc.1', undefined],
  [`nginx:1.30@${DIGEST}`, 'nginx', '1.30', DIGEST],
  [`registry:5000/api@${DIGEST}`, 'registry:5000/api', undefined, DIGEST],
  // A rule refuses it at synth; a reference it is.
  ['nginx:latest', 'nginx', 'latest', undefined],
])('%s has its parts, and is written as it was', (reference, repository, tag, digest) => {
  const image = ImageRef.of(reference);
  expect([image.repository, image.tag, image.digest]).toEqual([repository, tag, digest]);
  expect(`${image}`).toBe(reference);
});

test.each(['nginx', 'ghcr.io/acme/api', 'registry:5000/api'])('refuses %s, which has no tag', (reference) => {
  expect(() => ImageRef.of(reference)).toThrow(
    `image "${reference}" has no tag, which Docker reads as "latest"`,
  );
  expect(() => ImageRef.of(reference)).toThrow(`for example ${reference}:1.8.2`);
});

test.each([
  '',
  ':1',
  'nginx:',
  'nginx:1.30 ',
  'NGINX:1.30',
  'ghcr.io//api:1',
  'https://ghcr.io/acme/api:1',
  'nginx:a/b:c',
  `nginx:${'x'.repeat(129)}`,
  'nginx:1.30@',
  'nginx:1.30@sha256:abc',
  `nginx:1.30@sha512:${'a'.repeat(64)}`,
  `nginx:1.30@sha256:${'A'.repeat(64)}`,
  `nginx:1.30@${DIGEST}@${DIGEST}`,
])('refuses %j, which is no reference', (reference) => {
  expect(() => ImageRef.of(reference)).toThrow(`image "${reference}" is not a reference`);
});

test('takes a digest, which a lock file knows under repository and tag', () => {
  const image = ImageRef.of('nginx:1.30').withDigest(DIGEST);
  expect(`${image}`).toBe(`nginx:1.30@${DIGEST}`);
  expect(image.tagged).toBe('nginx:1.30');
  expect(() => image.withDigest('sha256:short')).toThrow('is not a reference');
});

test('another registry keeps the last part of the name and the tag, and drops the digest', () => {
  const image = ImageRef.of(`ghcr.io/acme/api:1.8.2@${DIGEST}`);
  expect(`${image.withRegistry('127.0.0.1:5000')}`).toBe('127.0.0.1:5000/api:1.8.2');
});

test('another tag drops the digest, which was of the old one', () => {
  expect(`${ImageRef.of(`ghcr.io/acme/api:1.8.2@${DIGEST}`).withTag('dev')}`).toBe('ghcr.io/acme/api:dev');
  expect(() => ImageRef.of('nginx:1.30').withTag('a b')).toThrow('is not a reference');
});
