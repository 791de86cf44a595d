import { parsePayload } from '../../../../../add-ons/github/steps/dispatch';
import { findNamedImages } from '../../../../../add-ons/github/steps/named-images';

const DIGEST = `sha256:${'ab'.repeat(32)}`;
const parse = (client_payload: unknown) => parsePayload({ client_payload });

test('services and images with their digests are taken, with where they come from', () => {
  const images = { userservice: DIGEST, 'ghcr.io/acme/web:1.0.0': DIGEST };
  expect(parse({ images, source: 'acme/proctorwise@1a2b3c4' })).toEqual({
    images: new Map(Object.entries(images)),
    source: 'acme/proctorwise@1a2b3c4',
  });
});

test.each([
  [undefined, 'has no object `images`'],
  [{ images: [] }, 'has no object `images`'],
  [{ images: 'userservice' }, 'has no object `images`'],
  [{ images: {} }, 'has no image in `images`'],
  [{ images: { userservice: 'latest' } }, 'has no digest for userservice'],
  [{ images: { userservice: { toString: () => DIGEST } } }, 'has no digest for userservice'],
  [{ images: { userservice: `${DIGEST}\n` } }, 'has no digest for userservice'],
  [{ images: { '$(id)': DIGEST } }, 'has a name in `images` that is neither'],
  [{ images: { '--check': DIGEST } }, 'has a name in `images` that is neither'],
  [{ images: { 'a\n::error::b': DIGEST } }, 'has a name in `images` that is neither'],
  [{ images: { userservice: DIGEST }, source: 'a b' }, 'has a `source` that is not one word'],
  [{ images: { userservice: DIGEST }, source: '`id`' }, 'has a `source` that is not one word'],
  [
    { images: Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`s${at}`, DIGEST])) },
    'has 101 images',
  ],
])('anything else is refused: %j', (payload, words) => {
  expect(() => parse(payload)).toThrow(words);
  expect(() => parse(payload)).not.toThrow(/\$\(id\)|::error::|`id`/);
});

describe('a service', () => {
  const image = (name: string) => ({ image: name });
  const catalogue = {
    ...{
      backends: { mariadb: { spec: image('mariadb:10.11') }, kafka: { spec: image('apache/kafka:4.1.1') } },
      nginx: { image: 'nginx:1.30', edge: {} },
    },
    services: { web: image('ghcr.io/acme/web:1.0.0'), api: image('ghcr.io/acme/api:1.0.0') },
    environments: { production: {}, staging: { services: { api: image('ghcr.io/acme/api:2.0.0') } } },
  };
  const named = (name: string) => [...findNamedImages(new Map([[name, DIGEST]]), catalogue).keys()];

  test('stands for the image that the catalogue names', () =>
    expect(named('web')).toEqual(['ghcr.io/acme/web:1.0.0']));

  test('may be written as its image', () =>
    expect(named('ghcr.io/acme/api:2.0.0')).toEqual(['ghcr.io/acme/api:2.0.0']));

  test('that is not there is refused with those that are', () => {
    expect(() => named('wbe')).toThrow('wbe is neither a service nor an image');
    expect(() => named('wbe')).toThrow('send one of: api, edge, kafka, mariadb, nginx, web');
  });

  test('with two images is refused with both', () => {
    expect(() => named('api')).toThrow('another environment: ghcr.io/acme/api:1.0.0, ghcr.io/acme/api:2.0.0');
  });
});
