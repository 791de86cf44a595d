import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { docker } from '../engine/docker';
import { registryAddress } from '../engine/registry';
import { type LabPaths, labFile } from '../ground/paths';
import { stopProcesses } from '../ground/processes';
import type { Print } from '../ground/progress';
import type { LabSettings } from '../ground/settings';
import { copyOfficial, hubAnswers } from './official-images';
import { APPLICATION_TAGS, APPLICATIONS, BACKUP, keyOf, RECIPES, type Recipe, rootKeyOf } from './recipes';
import { ImageRegistry } from './registry-client';
import { ensureRoot, removeHalves } from './root';

/** An image in the lab's registry. */
export interface PublishedImage {
  /** With the registry's address. */
  readonly repository: string;
  readonly tag: string;
  /** `sha256:…` */
  readonly digest: string;
}

/** Sees to it that the registry holds every image, and writes `images.json` and `images.lock.json`. */
export async function ensureImages(
  paths: LabPaths,
  settings: LabSettings,
  note: Print,
): Promise<PublishedImage[]> {
  mkdirSync(paths.cache, { recursive: true });
  await stopProcesses(paths, 'build', 0);
  removeHalves(paths);
  const maker = new ImageMaker(paths, new ImageRegistry(registryAddress(settings)), note);
  const published = (await twoAtATime(RECIPES, (recipe) => maker.ensure(recipe))).flat();
  writeJson(paths.images, published);
  writeJson(paths.imageLock, locked([...published, ...(await maker.othersOf(published))]));
  return published;
}

/** One more image in the registry of a running lab, with the tag of its recipe. */
export async function ensureImage(
  paths: LabPaths,
  settings: LabSettings,
  recipe: Recipe,
  note: Print,
): Promise<void> {
  mkdirSync(paths.cache, { recursive: true });
  const made = await new ImageMaker(paths, new ImageRegistry(registryAddress(settings)), note).ensure(recipe);
  // Without its digest each plan would change its service: the engine runs it by that.
  const lock = JSON.parse(readFileSync(paths.imageLock, 'utf8'));
  writeJson(paths.imageLock, { ...lock, ...locked(made) });
}

const locked = (images: readonly PublishedImage[]) =>
  Object.fromEntries(images.map(({ repository, tag, digest }) => [`${repository}:${tag}`, digest]));

/** The second tag of what the lab made itself. */
const KEPT = /-[0-9a-f]{12}$/;

class ImageMaker {
  private hub: Promise<boolean> | undefined;

  constructor(
    private readonly paths: LabPaths,
    private readonly registry: ImageRegistry,
    private readonly note: Print,
  ) {}

  /** Each image has a second tag with its content's key, so that what is there and current is not made again. */
  async ensure(recipe: Recipe): Promise<PublishedImage[]> {
    const names = namesOf(recipe);
    const key = keyOf(recipe);
    const current = await Promise.all(names.map((name) => this.current(name, key)));
    if (current.includes(undefined)) {
      this.hub ??= hubAnswers();
      if (recipe.official && (await this.hub)) await this.take(recipe, recipe.official, key);
      else await this.make(recipe, key);
    }
    return Promise.all(names.map((name) => this.published(name)));
  }

  /** Tags that somebody else pushed for one of these images: without its digest each plan would change their services. */
  async othersOf(published: readonly PublishedImage[]): Promise<PublishedImage[]> {
    const made = new Set(published.map(({ repository, tag }) => `${repository}:${tag}`));
    const repositories = [...new Set(published.map(({ repository }) => repository))];
    const names = repositories.map(async (repository) => {
      const name = repository.slice(this.registry.address.length + 1);
      const tags = await this.registry.tags(name);
      const own = tags.filter((tag) => !made.has(`${repository}:${tag}`) && !KEPT.test(tag));
      return Promise.all(own.map((tag) => this.published({ repository: name, tag })));
    });
    return (await Promise.all(names)).flat();
  }

  private async current({ repository, tag }: Name, key: string): Promise<string | undefined> {
    const [kept, digest] = await Promise.all([
      this.registry.digest(repository, `${tag}-${key}`),
      this.registry.digest(repository, tag),
    ]);
    return kept === digest ? digest : undefined;
  }

  private async published({ repository, tag }: Name): Promise<PublishedImage> {
    const digest = await this.registry.digest(repository, tag);
    if (!digest) throw new Error(`the registry lost ${repository}:${tag}`);
    return { repository: `${this.registry.address}/${repository}`, tag, digest };
  }

  private async take(recipe: Recipe, official: string, key: string): Promise<void> {
    this.note(`${recipe.name}: taking ${official}`);
    await copyOfficial(official, `${this.registry.address}/${recipe.name}:${recipe.tag}`);
    await this.registry.copy(recipe.name, recipe.tag, recipe.name, `${recipe.tag}-${key}`);
  }

  private async make(recipe: Recipe, key: string): Promise<void> {
    const say = (line: string) => this.note(`${recipe.name}: ${line}`);
    const root = `lab-root:${recipe.name}-${rootKeyOf(recipe)}`;
    if (!(await this.has(root))) {
      const tar = await ensureRoot(this.paths, recipe, say);
      say('importing');
      await docker(this.paths, ['import', tar, root]);
    }
    say('building and pushing');
    if (recipe.name === 'app') return this.makeApplications(root, key);
    const repository = repositoryOf(recipe);
    await this.build(recipe.name, 'Dockerfile', { ROOT: root }, repository, `${recipe.tag}-${key}`);
    await this.registry.copy(repository, `${recipe.tag}-${key}`, repository, recipe.tag);
  }

  /** All six are one image; monitoring's differs in its port. */
  private async makeApplications(root: string, key: string): Promise<void> {
    const [first, special] = ['proctorwise-userservice', 'proctorwise-monitoringservice'];
    for (const tag of APPLICATION_TAGS) {
      const kept = `${tag}-${key}`;
      const base = await this.build('app', 'Dockerfile', { ROOT: root, TAG: tag }, first, kept);
      await this.build('app', 'Dockerfile.monitoring', { BASE: base }, special, kept);
      for (const repository of APPLICATIONS.map((name) => `proctorwise-${name}`)) {
        const source = repository === special ? special : first;
        if (repository !== source) await this.registry.copy(source, kept, repository, kept);
        await this.registry.copy(source, kept, repository, tag);
      }
    }
  }

  private async build(
    folder: string,
    file: string,
    settings: Readonly<Record<string, string>>,
    repository: string,
    tag: string,
  ): Promise<string> {
    const image = `${this.registry.address}/${repository}:${tag}`;
    const values = Object.entries(settings).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
    const context = labFile('images', folder);
    const log = join(this.paths.logs, `image-${folder}.log`);
    await docker(
      this.paths,
      ['build', '--quiet', '--file', join(context, file), ...values, '--tag', image, context],
      { log },
    );
    await docker(this.paths, ['push', '--quiet', image], { log });
    return image;
  }

  private has(image: string): Promise<boolean> {
    return docker(this.paths, ['image', 'inspect', image]).then(
      () => true,
      () => false,
    );
  }
}

interface Name {
  readonly repository: string;
  readonly tag: string;
}

/** Repositories and tags that come of a recipe. */
export const namesOf = (recipe: Pick<Recipe, 'name' | 'tag'>): Name[] =>
  recipe.name === 'app'
    ? APPLICATIONS.flatMap((name) =>
        APPLICATION_TAGS.map((tag) => ({ repository: `proctorwise-${name}`, tag })),
      )
    : [{ repository: repositoryOf(recipe), tag: recipe.tag }];

/** The backup's image is the project's own. */
const repositoryOf = ({ name }: Pick<Recipe, 'name'>): string =>
  name === BACKUP.name ? 'proctorwise-backup' : name;

/** One worker waits for the network while the other one has the processor. */
async function twoAtATime<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]!);
    }
  };
  await Promise.all([worker(), worker()]);
  return results;
}

function writeJson(file: string, value: unknown): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}
