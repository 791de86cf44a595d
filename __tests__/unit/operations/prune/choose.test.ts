import type { Release } from '../../../../contract/release';
import type {
  ContainerSummary,
  ImageSummary,
  Service,
  SwarmObject,
} from '../../../../operations/docker/answers';
import { chooseDoomed, type Found } from '../../../../operations/prune/choose';
import { releaseWith } from '../records/releases';

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const image = (name: string, letter: string): ImageSummary => ({
  Id: `id-${name}`,
  RepoTags: [`registry.test/${name}`],
  RepoDigests: [`registry.test/${name.split(':')[0]}@${digest(letter)}`],
  Size: 1000,
});
const used = (name: string, letter: string) => `registry.test/${name}@${digest(letter)}`;
const service = (now: string, before?: string, configs: string[] = []): Service => {
  const spec = (Image: string) => ({
    TaskTemplate: { ContainerSpec: { Image, Configs: configs.map((ConfigID) => ({ ConfigID })) } },
  });
  return { ID: 's', Spec: spec(now), ...(before ? { PreviousSpec: spec(before) } : {}) } as never;
};
const container = (ImageID: string, State: string, labels = true): ContainerSummary => ({
  Id: `c-${ImageID}`,
  ImageID,
  State,
  Names: [`/c-${ImageID}`],
  Ports: [],
  Status: '',
  Labels: labels
    ? { 'com.docker.swarm.task.id': 't', 'com.docker.stack.namespace': 'acme' }
    : ({} as Record<string, string>),
});
const NOW = Date.parse('2026-03-04T05:06:07Z');
const config = (Name: string, CreatedAt = '2026-01-02T03:04:05.123456789Z'): SwarmObject => ({
  ID: Name,
  CreatedAt,
  Spec: { Name },
});
/** The newest first. */
const release = (number: number, letter: string, part = {}) =>
  releaseWith({ number, images: { web: used(`web:v${number}`, letter) }, ...part });

type Part = Partial<Omit<Found, 'releases'>> & { readonly releases?: readonly Release[] };
const doomed = ({ releases = [], ...part }: Part, others: readonly Release[] = []) => {
  const found = chooseDoomed({
    namespace: 'acme',
    releases: new Map([
      ['acme', releases],
      ['other', others],
    ]),
    now: NOW,
    services: [],
    containers: [],
    images: [],
    configs: [],
    ...part,
  });
  return {
    images: found.images.map(({ Id }) => Id),
    containers: found.containers.map(({ Id }) => Id),
    configs: found.configs.map(({ ID }) => ID),
  };
};

test('images of the last three releases that converged stay, whatever their age; older ones go', () => {
  const images = ['1a', '2b', '3c', '4d', '5e'].map((one) => image(`web:v${one[0]}`, one[1]!));
  const failed = { outcome: 'rolledBack', exitCode: 2 };
  const releases = [
    release(5, 'e', failed),
    release(4, 'd'),
    release(3, 'c'),
    release(2, 'b'),
    release(1, 'a'),
  ];
  expect(doomed({ images, releases }).images).toEqual(['id-web:v1', 'id-web:v5']);
});

test('of each platform on the Swarm three: another one’s images are on this node, too', () => {
  const images = ['1a', '2b', '3c', '4d'].map((one) => image(`web:v${one[0]}`, one[1]!));
  const failed = { outcome: 'rolledBack', exitCode: 2 };
  const theirs = [release(4, 'd', failed), release(3, 'c'), release(2, 'b')];
  expect(doomed({ images, releases: [release(1, 'a')] }, theirs).images).toEqual(['id-web:v4']);
});

test('what a service runs, or Swarm would roll it back to, stays, and so does what any container uses', () => {
  const images = [image('web:v1', 'a'), image('web:v2', 'b'), image('other:v1', 'c'), image('tool:v1', 'd')];
  const services = [service(used('web:v2', 'b'), used('web:v1', 'a'))];
  const stopped = { ...container('id-other:v1', 'exited', false) };
  expect(doomed({ images, services, containers: [stopped] })).toMatchObject({
    images: ['id-tool:v1'],
    containers: [],
  });
});

test('a tag that has moved does not keep another image', () => {
  const moved = { ...image('web:v1', 'f'), Id: 'moved' };
  expect(doomed({ images: [moved], releases: [release(1, 'a')] }).images).toEqual(['moved']);
});

test('ended tasks of the platform go, and the images that only they used', () => {
  const containers = [container('id-web:v1', 'exited'), container('id-web:v2', 'running')];
  const images = [image('web:v1', 'a'), image('web:v2', 'b')];
  expect(doomed({ images, containers })).toMatchObject({
    images: ['id-web:v1'],
    containers: ['c-id-web:v1'],
  });
});

test('configs that are mounted, were mounted, or belong to one of the last three releases stay', () => {
  const name = (id: string) => `acme_${id}_0123456789`;
  const configs = [
    name('now'),
    name('kept'),
    name('old'),
    'acme_by_hand',
    'other_old_0123456789',
    'acme.release.1',
  ].map((one) => config(one));
  const services = [service('web', 'web', [name('now')])];
  const releases = [releaseWith({ objects: [name('kept')] })];
  expect(doomed({ configs, services, releases }).configs).toEqual([name('old')]);
});

test('a config of the last day stays: a deploy under way may mount it yet', () => {
  const configs = [
    config('acme_new_0123456789', '2026-03-03T05:06:08Z'),
    config('acme_old_0123456789', '2026-03-03T05:06:06Z'),
    { ID: 'x', Spec: { Name: 'acme_unknown_0123456789' } },
  ];
  expect(doomed({ configs }).configs).toEqual(['acme_old_0123456789']);
});

test('another platform’s releases keep no config of this one', () => {
  const configs = [config('acme_old_0123456789')];
  expect(doomed({ configs }, [releaseWith({ objects: ['acme_old_0123456789'] })]).configs).toEqual([
    'acme_old_0123456789',
  ]);
});
