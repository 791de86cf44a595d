import type { Shell } from '../../contract/shell';
import { messageOf } from '../terminal/message-of';
import { catalogueImages, disposableIn, type ImageNames } from './catalogue-images';
import type { RegistryLogin } from './credentials';
import { type Lock, readLock, writeLock } from './lock-file';
import type { LockRequest } from './request';
import { resolveDigest } from './resolve';

export interface LockOptions {
  readonly catalogue: ImageNames & { readonly registries?: readonly RegistryLogin[] };
  /** `images.lock.json`. */
  readonly path: string;
  readonly shell: Shell;
  /** Takes a line for people. */
  readonly print: (line: string) => void;
  /** Milliseconds for one request to a registry. @default 15,000 */
  readonly timeout?: number;
}

/** Requests in flight: enough to be quick, few enough for a registry's patience. */
const CONCURRENCY = 4;

/**
 * Brings the lock up to the catalogue, all of it or nothing.
 *
 * @throws Error that lists every image without a digest, and why
 */
export async function lockImages(request: LockRequest, options: LockOptions): Promise<void> {
  const disposable = disposableIn(options.catalogue, options.shell);
  const images = catalogueImages(options.catalogue, disposable);
  const old = readLock(options.path);
  if (request.check) return check(images, old, options, disposable !== undefined);

  const digests = await lookUp(wanted(images, request), options);
  const found = new Map([...digests, ...request.given]);
  // The lab's lock has more tags than the one that is chosen now.
  const kept = Object.entries(old).filter(([image]) => disposable || images.has(image));
  const lock: Lock = { ...Object.fromEntries(kept), ...Object.fromEntries(found) };
  if (found.size > 0 || kept.length < Object.keys(old).length) writeLock(options.path, lock);
  report(images, old, lock, found, options.print);
}

/** The images to ask for. @throws when a name is not in the catalogue */
function wanted(
  images: ReadonlyMap<string, readonly string[]>,
  { services, given }: LockRequest,
): readonly string[] {
  const known = [...new Set([...images.values()].flat())].sort();
  const stray = services.find((service) => !known.includes(service));
  if (stray !== undefined) {
    throw new Error(
      `there is no service "${stray}" with an image to lock\n  choose from: ${known.join(', ')}`,
    );
  }
  const unnamed = [...given.keys()].find((image) => !images.has(image));
  if (unnamed !== undefined) {
    throw new Error(
      `${unnamed} is not in services.config.ts\n  write it there first; it has: ${[...images.keys()].join(', ')}`,
    );
  }
  if (services.length === 0 && given.size > 0) return [];
  return [...images]
    .filter(
      ([image, users]) =>
        !given.has(image) && (services.length === 0 || users.some((id) => services.includes(id))),
    )
    .map(([image]) => image);
}

async function lookUp(
  images: readonly string[],
  { catalogue, shell, timeout, path }: LockOptions,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const failures = new Map<string, string>();
  const queue = [...images];
  const worker = async () => {
    for (let image = queue.shift(); image !== undefined; image = queue.shift()) {
      try {
        const options = { shell, registries: catalogue.registries ?? [], ...(timeout ? { timeout } : {}) };
        found.set(image, await resolveDigest(image, options));
      } catch (error) {
        failures.set(image, messageOf(error));
      }
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  if (failures.size === 0) return found;
  const list = images
    .filter((image) => failures.has(image))
    .map((image) => `  ${image}: ${failures.get(image)!.replaceAll('\n', '\n  ')}`);
  throw new Error(
    `${failures.size} of ${images.length} images have no digest, ${path} is as it was\n${list.join('\n')}`,
  );
}

function check(
  images: ReadonlyMap<string, readonly string[]>,
  lock: Lock,
  { path, print }: LockOptions,
  mayHaveMore: boolean,
): void {
  const faults = [
    ...[...images.keys()].filter((image) => !lock[image]).map((image) => `  ${image} has no digest`),
    ...Object.keys(lock)
      .filter((image) => !mayHaveMore && !images.has(image))
      .map((image) => `  ${image} is no longer in services.config.ts`),
  ];
  if (faults.length > 0) {
    throw new Error(
      `${path} does not fit services.config.ts\n${faults.join('\n')}\n  run: ./proctor images lock, and commit the file`,
    );
  }
  print(`${path} has a digest for each of ${images.size} images`);
}

function report(
  images: ReadonlyMap<string, readonly string[]>,
  old: Lock,
  lock: Lock,
  found: ReadonlyMap<string, string>,
  print: (line: string) => void,
): void {
  for (const [image, digest] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const before = old[image];
    print(`${image}  ${before === digest ? 'unchanged' : `${short(before)} → ${short(digest)}`}`);
  }
  for (const image of Object.keys(old)) if (!lock[image]) print(`${image}  ${short(old[image])} → none`);
  for (const image of images.keys())
    if (!lock[image]) print(`${image}  has no digest yet: ./proctor images lock`);
}

/** As much of a digest as people compare. */
const short = (digest: string | undefined): string => digest?.slice(0, 'sha256:'.length + 12) ?? 'none';
