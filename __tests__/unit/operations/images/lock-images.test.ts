import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imagesLock } from '../../../../cli/verbs/images';
import { lockImages } from '../../../../operations/images/lock-images';
import { requestOf } from '../../../../operations/images/request';
import { callOf } from '../../../support/cli/call';
import { digestOf, FakeRegistry } from './fake-registry';

const requestFor = (args: readonly string[]) => {
  const { values, words } = callOf(imagesLock, args);
  return requestOf({ check: values.check, set: values.set, services: words });
};

const registry = new FakeRegistry();
const folder = mkdtempSync(join(tmpdir(), 'lock-images-'));
const path = join(folder, 'images.lock.json');
beforeAll(() => registry.start());
afterAll(() => {
  registry.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(() => rmSync(path, { force: true }));

const image = (name: string) => `${registry.address}/${name}:1`;
const IMAGES = ['api', 'kafka', 'mariadb', 'nginx'];
const PRINTED: string[] = [];

async function run(...args: string[]): Promise<string[]> {
  return runIn({}, ...args);
}

async function runIn(shell: Readonly<Record<string, string>>, ...args: string[]): Promise<string[]> {
  const request = requestFor(args);
  const part = (name: string) => ({ image: image(name) });
  PRINTED.length = 0;
  await lockImages(request, {
    catalogue: {
      backends: { mariadb: { spec: part('mariadb') }, kafka: { spec: part('kafka') } },
      nginx: { ...part('nginx'), edge: false },
      services: { api: part('api') },
      environments: { production: {}, lab: { disposable: true } },
    },
    path,
    shell: { DOCKER_CONFIG: folder, ...shell },
    print: (line) => PRINTED.push(line.replaceAll(registry.address, 'R').replaceAll(path, 'LOCK')),
  });
  return [...PRINTED];
}

const serve = (digests: Readonly<Record<string, string>>) =>
  registry.answers(({ path: asked }, response) => {
    const digest = digests[asked.split('/')[2]!];
    if (digest) response.writeHead(200, { 'docker-content-digest': digest }).end();
    else response.writeHead(404).end();
  });
const all = (character: string) => Object.fromEntries(IMAGES.map((name) => [name, digestOf(character)]));
const locked = () => JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
const write = (lock: Record<string, string>) => writeFileSync(path, JSON.stringify(lock));

test('every image of the catalogue gets its digest, a line each', async () => {
  serve(all('a'));
  expect(await run()).toEqual(IMAGES.map((name) => `R/${name}:1  none → sha256:aaaaaaaaaaaa`));
  expect(locked()).toEqual(Object.fromEntries(IMAGES.map((name) => [image(name), digestOf('a')])));
});

test('what changed is shown from old to new, what did not as unchanged, what the catalogue dropped as gone', async () => {
  write({ [image('api')]: digestOf('a'), [image('nginx')]: digestOf('b'), 'old:1': digestOf('c') });
  serve(all('a'));
  expect(await run()).toEqual([
    'R/api:1  unchanged',
    'R/kafka:1  none → sha256:aaaaaaaaaaaa',
    'R/mariadb:1  none → sha256:aaaaaaaaaaaa',
    'R/nginx:1  sha256:bbbbbbbbbbbb → sha256:aaaaaaaaaaaa',
    'old:1  sha256:cccccccccccc → none',
  ]);
  expect(locked()).not.toHaveProperty(['old:1']);
});

test('one image without a digest changes nothing at all, and every such image is listed', async () => {
  write({ [image('api')]: digestOf('f') });
  const before = { text: readFileSync(path, 'utf8'), inode: statSync(path).ino };
  serve({ api: digestOf('a'), kafka: digestOf('a') });
  const message = `2 of 4 images have no digest, ${path} is as it was\n${['mariadb', 'nginx']
    .map(
      (name) =>
        `  ${image(name)}: ${registry.address} has no ${name} with the tag 1\n    push it first, or correct the image in services.config.ts`,
    )
    .join('\n')}`;
  await expect(run()).rejects.toThrow(new Error(message));
  expect({ text: readFileSync(path, 'utf8'), inode: statSync(path).ino }).toEqual(before);
  expect(readdirSync(folder)).toEqual(['images.lock.json']);
  expect(PRINTED).toEqual([]);
});

test('names of services ask for their images alone, and leave the others as they are', async () => {
  write({ [image('api')]: digestOf('a'), [image('nginx')]: digestOf('b') });
  serve(all('c'));
  expect(await run('nginx')).toEqual([
    'R/nginx:1  sha256:bbbbbbbbbbbb → sha256:cccccccccccc',
    'R/kafka:1  has no digest yet: ./proctor images lock',
    'R/mariadb:1  has no digest yet: ./proctor images lock',
  ]);
  expect(registry.requests).toEqual(['HEAD /v2/nginx/manifests/1']);
  expect(locked()).toEqual({ [image('api')]: digestOf('a'), [image('nginx')]: digestOf('c') });
});

test('a service that is not there is refused with those that are', async () => {
  await expect(run('apis')).rejects.toThrow(
    'there is no service "apis" with an image to lock\n  choose from: api, kafka, mariadb, nginx',
  );
});

test('a given digest is recorded without asking anybody', async () => {
  write(Object.fromEntries(IMAGES.map((name) => [image(name), digestOf('a')])));
  serve({});
  expect(await run('--set', `${image('api')}=${digestOf('d')}`)).toEqual([
    'R/api:1  sha256:aaaaaaaaaaaa → sha256:dddddddddddd',
  ]);
  expect(registry.requests).toEqual([]);
  expect(locked()).toMatchObject({ [image('api')]: digestOf('d'), [image('nginx')]: digestOf('a') });
});

test('a given digest of an image that the catalogue does not name is refused', async () => {
  await expect(run('--set', `ghcr.io/acme/api:9=${digestOf('d')}`)).rejects.toThrow(
    'ghcr.io/acme/api:9 is not in services.config.ts\n  write it there first; it has: ',
  );
});

test('no more than four requests are under way', async () => {
  let [now, most] = [0, 0];
  registry.answers((_, response) => {
    most = Math.max(most, ++now);
    setTimeout(() => {
      now--;
      response.writeHead(200, { 'docker-content-digest': digestOf('a') }).end();
    }, 20);
  });
  const request = requestFor([]);
  const services = Object.fromEntries(
    Array.from({ length: 12 }, (_, index) => [`s${index}`, { image: image(`s${index}`) }]),
  );
  const part = { image: image('api') };
  const catalogue = {
    backends: { mariadb: { spec: part }, kafka: { spec: part } },
    nginx: { ...part, edge: false },
    services,
  };
  await lockImages(request, {
    catalogue: { ...catalogue, environments: { production: {} } },
    path,
    shell: { DOCKER_CONFIG: folder },
    print: () => {},
  });
  expect(most).toBe(4);
});

describe('--check', () => {
  test('passes for a lock that fits, and asks nobody', async () => {
    write(Object.fromEntries(IMAGES.map((name) => [image(name), digestOf('a')])));
    serve({});
    expect(await run('--check')).toEqual(['LOCK has a digest for each of 4 images']);
    expect(registry.requests).toEqual([]);
  });

  test('fails with every image that is missing or too many, and changes nothing', async () => {
    const lock = Object.fromEntries(['api', 'kafka', 'nginx'].map((name) => [image(name), digestOf('a')]));
    write({ ...lock, 'old:1': digestOf('a') });
    const before = readFileSync(path, 'utf8');
    await expect(run('--check')).rejects.toThrow(
      `${path} does not fit services.config.ts\n  ${image('mariadb')} has no digest\n  old:1 is no longer in services.config.ts\n  run: ./proctor images lock`,
    );
    expect(readFileSync(path, 'utf8')).toBe(before);
  });
});

test('in a disposable environment its own tags get a digest, and those of other tags stay', async () => {
  serve({ api: digestOf('a'), kafka: digestOf('b'), mariadb: digestOf('c'), nginx: digestOf('d') });
  await run();
  const before = JSON.parse(readFileSync(path, 'utf8'));
  const own = { PLATFORM_ENVIRONMENT: 'lab', IMAGE_REGISTRY: registry.address, IMAGE_TAG: 'mine' };
  expect(await runIn(own, 'api')).toContain(`R/api:mine  none → ${digestOf('a').slice(0, 19)}`);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
    ...before,
    [`${registry.address}/api:mine`]: digestOf('a'),
  });
  await expect(runIn(own, '--check')).resolves.toHaveLength(1);
});
