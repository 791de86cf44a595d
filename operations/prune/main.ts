import type { ImageSummary } from '../docker/answers';
import { type DockerClient, withDocker } from '../docker/client';
import { ConnectionError, refusalOf } from '../docker/explain';
import { KEPT_CONVERGED } from '../records/choose';
import { readEveryonesReleases } from '../records/store';
import { formatSize } from '../terminal/quantities';
import { harmless, oneLine } from '../terminal/untrusted';
import { chooseDoomed, type Doomed } from './choose';
import type { PruneOptions } from './options';

const EXIT = { done: 0, not: 1, unreachable: 6 } as const;
const say = (line: string) => process.stdout.write(`${oneLine(line)}\n`);

/** `./proctor prune`. Resolves to the exit code. */
export async function runPrune({ target, stack, yes }: PruneOptions): Promise<number> {
  try {
    return await withDocker(target, async (docker) => {
      say(`prune of ${stack} at ${target.host}`);
      const doomed = await look(docker, stack);
      tell(doomed, (await docker.nodes()).length);
      if (count(doomed) === 0) return EXIT.done;
      if (!yes) {
        say('nothing was removed; add --yes to do it');
        return EXIT.done;
      }
      const { all, stay } = await removeAll(docker, stack, doomed);
      for (const line of stay) process.stderr.write(`error: ${line}\n`);
      say(`removed ${all - stay.length} of ${all}`);
      return stay.length > 0 ? EXIT.not : EXIT.done;
    });
  } catch (error) {
    process.stderr.write(`error: ${harmless((error as Error).message)}\n`);
    return error instanceof ConnectionError ? EXIT.unreachable : EXIT.not;
  }
}

const look = async (docker: DockerClient, namespace: string): Promise<Doomed> =>
  chooseDoomed({
    namespace,
    releases: await readEveryonesReleases(docker),
    now: (await docker.clock()) ?? Date.now(),
    services: [...(await docker.services()), ...(await docker.jobs())],
    containers: await docker.everyContainer(),
    images: await docker.images(),
    configs: await docker.configs({ name: [`${namespace}_`] }),
  });

/**
 * The containerd image store shows what an image without a name was built from only when that image is gone: it is looked
 * again until a look finds nothing that was not tried.
 */
async function removeAll(
  docker: DockerClient,
  namespace: string,
  first: Doomed,
): Promise<{ readonly all: number; readonly stay: readonly string[] }> {
  const stay: string[] = [];
  const tried = new Set<string>();
  let doomed = first;
  let all = 0;
  while (count(doomed) > 0) {
    if (all > 0) for (const line of imageLines(doomed)) say(line);
    all += count(doomed);
    stay.push(...(await remove(docker, doomed)));
    for (const { Id } of doomed.images) tried.add(Id);
    const { images } = await look(docker, namespace);
    doomed = { containers: [], configs: [], images: images.filter(({ Id }) => !tried.has(Id)) };
  }
  return { all, stay };
}

const imageLines = ({ images }: Doomed): string[] =>
  images.map((image) => `image ${namesOf(image)[0] ?? image.Id} (${formatSize(image.Size)})`);

const count = ({ containers, images, configs }: Doomed): number =>
  containers.length + images.length + configs.length;

function tell(doomed: Doomed, nodes: number): void {
  const { containers, images, configs } = doomed;
  const bytes = images.reduce((sum, { Size }) => sum + Size, 0);
  if (count(doomed) === 0) say('nothing to remove');
  for (const { Names } of containers) say(`ended container ${Names[0]?.slice(1) ?? '?'}`);
  for (const line of imageLines(doomed)) say(line);
  for (const { Spec } of configs) say(`config ${Spec?.Name}`);
  if (images.length > 0) say(`${formatSize(bytes)} at most: images may share layers with others`);
  say(
    `kept: what runs, what Swarm would roll back to, the last ${KEPT_CONVERGED} releases of each platform that converged, and configs of the last day`,
  );
  if (nodes > 1)
    say(`images and containers are those of this node; there are ${nodes}, run it with --host for each`);
}

const namesOf = ({ RepoTags, RepoDigests }: ImageSummary): string[] =>
  [...(RepoTags ?? []), ...(RepoDigests ?? [])].filter((name) => !name.includes('<none>'));

/** One that stays does not keep the others. @returns why, for each that stays */
async function remove(docker: DockerClient, { containers, images, configs }: Doomed): Promise<string[]> {
  const stay: string[] = [];
  const attempt = async (what: string, work: readonly (() => Promise<void>)[]) => {
    for (const one of work) {
      const refusal = await refusalOf(one());
      if (refusal === undefined) continue;
      stay.push(oneLine(`${what} stays: ${refusal}`));
      return;
    }
  };
  for (const { Id = '', Names } of containers)
    await attempt(`container ${Names[0]}`, [() => docker.removeContainer(Id)]);
  for (const image of images) {
    const names = namesOf(image);
    const references = names.length > 0 ? names : [image.Id];
    await attempt(
      `image ${references[0]}`,
      references.map((name) => () => gone(docker.removeImage(name))),
    );
  }
  for (const { ID, Spec } of configs) await attempt(`config ${Spec?.Name}`, [() => docker.removeConfig(ID)]);
  return stay;
}

/** With the last tag of an image Docker takes its digests away, too. */
async function gone(request: Promise<void>): Promise<void> {
  try {
    await request;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== 404) throw error;
  }
}
