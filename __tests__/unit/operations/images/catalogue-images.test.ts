import { BACKUP_IMAGE } from '../../../../constructs/units/backup';
import {
  catalogueImages,
  disposableIn,
  type ImageNames,
} from '../../../../operations/images/catalogue-images';
import { platform } from '../../../../services.config';
import { digestOf } from './fake-registry';

const names = (environments: ImageNames['environments'], edge = true): ImageNames => ({
  backends: {
    mariadb: { spec: { image: 'mariadb:10.11' } },
    kafka: { spec: { image: 'apache/kafka:4.1.1' } },
  },
  nginx: { image: 'nginx:1.30', edge: edge && {} },
  services: { api: { image: 'ghcr.io/acme/api:1' }, worker: { image: 'ghcr.io/acme/api:1' } },
  environments,
});
const found = (catalogue: ImageNames) => Object.fromEntries(catalogueImages(catalogue));

test('each image is there once, in order, with all services that run it', () => {
  const images = catalogueImages(names({ production: {} }));
  expect([...images]).toEqual([
    ['apache/kafka:4.1.1', ['kafka']],
    ['ghcr.io/acme/api:1', ['api', 'worker']],
    ['mariadb:10.11', ['mariadb']],
    ['nginx:1.30', ['nginx', 'edge']],
  ]);
});

test('an override is one more image, and the one it hides in all environments is none', () => {
  const api = (image: string) => ({ services: { api: { image }, nginx: { image: 'nginx:1.31' } } });
  const images = found(names({ production: api('ghcr.io/acme/api:2'), staging: api('ghcr.io/acme/api:3') }));
  expect(images).toMatchObject({
    'ghcr.io/acme/api:1': ['worker'],
    'ghcr.io/acme/api:2': ['api'],
    'ghcr.io/acme/api:3': ['api'],
    'nginx:1.31': ['nginx'],
    // nginx's override is not the edge's.
    'nginx:1.30': ['edge'],
  });
  expect(found(names({ production: api('ghcr.io/acme/api:2') }, false))).not.toHaveProperty(['nginx:1.30']);
});

test('a disposable environment needs no digests', () => {
  const lab = { disposable: true, services: { api: { image: 'ghcr.io/acme/api:dev' } } };
  expect(found(names({ production: {}, lab }))).not.toHaveProperty(['ghcr.io/acme/api:dev']);
  expect(found(names({ lab }))).toEqual({});
});

describe('a disposable environment that the shell names', () => {
  const catalogue = names({ production: {}, lab: { disposable: true } });
  const shell = { PLATFORM_ENVIRONMENT: 'lab', IMAGE_REGISTRY: 'registry.test:5000', IMAGE_TAG: 'mine' };

  test('has its images alone, from where a deploy takes them', () => {
    expect([...catalogueImages(catalogue, disposableIn(catalogue, shell)).keys()]).toEqual([
      'registry.test:5000/api:mine',
      'registry.test:5000/kafka:4.1.1',
      'registry.test:5000/mariadb:10.11',
      'registry.test:5000/nginx:1.30',
    ]);
  });

  test('is needed for these variables, which nothing else obeys', () => {
    expect(() => disposableIn(catalogue, { IMAGE_REGISTRY: 'registry.test' })).toThrow(
      'IMAGE_REGISTRY is set, and only a disposable environment obeys it\n  unset it, or name one by PLATFORM_ENVIRONMENT: lab',
    );
    expect(() => disposableIn(catalogue, { PLATFORM_ENVIRONMENT: 'production', IMAGE_TAG: 'mine' })).toThrow(
      /^IMAGE_TAG is set/,
    );
    expect(disposableIn(catalogue, { PLATFORM_ENVIRONMENT: 'production' })).toBeUndefined();
  });
});

test('an image whose digest is written beside it needs none', () => {
  const image = `mariadb:10.11@${digestOf('a')}`;
  expect(found(names({ production: { services: { mariadb: { image } } } }))).not.toHaveProperty([
    'mariadb:10.11',
  ]);
});

test("the platform's own catalogue fits", () => {
  expect(catalogueImages(platform).get(platform.nginx.image)).toEqual(['nginx', 'edge']);
  expect([...catalogueImages(platform).values()].flat()).toEqual(
    expect.arrayContaining(['mariadb', 'kafka', ...Object.keys(platform.services)]),
  );
});

test('the backup has an image where an environment says where backups go', () => {
  const withPlace = (backup?: ImageNames['backup']): ImageNames => ({
    ...names({ production: { backupTo: { kind: 's3' } } }),
    ...(backup ? { backup } : {}),
  });
  expect(Object.values(found(names({ production: {} }))).flat()).not.toContain('backup');
  expect(found(withPlace())[BACKUP_IMAGE]).toEqual(['backup']);
  expect(found(withPlace({ image: 'acme/backup:2' }))['acme/backup:2']).toEqual(['backup']);
});
