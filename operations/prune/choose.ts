import { parseImage } from '../../constructs/units';
import type { Release } from '../../contract/release';
import type { ContainerSummary, ImageSummary, Service, SwarmObject } from '../docker/answers';
import { sameImage } from '../images/same-image';
import { hasConverged, KEPT_CONVERGED } from '../records/choose';

/** Terraform makes all configs of a deploy at once, and mounts some of them minutes later. */
const UNDER_WAY_MS = 24 * 3_600_000;

export interface Found {
  readonly namespace: string;
  /** Of each platform on the Swarm, by namespace, the newest first: a node has the images of all. */
  readonly releases: ReadonlyMap<string, readonly Release[]>;
  /** The manager's clock, milliseconds. */
  readonly now: number;
  /** Of the whole Swarm, jobs included. */
  readonly services: readonly Service[];
  /** Of this node, ended ones included. */
  readonly containers: readonly ContainerSummary[];
  readonly images: readonly ImageSummary[];
  readonly configs: readonly SwarmObject[];
}

/** What may go, in the order in which it has to. */
export interface Doomed {
  readonly containers: readonly ContainerSummary[];
  readonly images: readonly ImageSummary[];
  readonly configs: readonly SwarmObject[];
}

/** What neither runs, nor is what Swarm would roll back to, nor is in one of the last releases. */
export function chooseDoomed(found: Found): Doomed {
  const kept = (releases: readonly Release[] = []) => releases.filter(hasConverged).slice(0, KEPT_CONVERGED);
  const containers = found.containers.filter((one) => hasEnded(one) && isOf(found.namespace, one));
  const images = doomedImages(found, [...found.releases.values()].flatMap(kept), containers);
  return { containers, images, configs: doomedConfigs(found, kept(found.releases.get(found.namespace))) };
}

const hasEnded = ({ State }: ContainerSummary): boolean => State === 'exited' || State === 'dead';
/** A container that somebody stopped by hand is theirs. */
const isOf = (namespace: string, { Labels }: ContainerSummary): boolean =>
  Labels['com.docker.swarm.task.id'] !== undefined && Labels['com.docker.stack.namespace'] === namespace;

function doomedImages(
  { services, containers, images }: Found,
  kept: readonly Release[],
  going: readonly ContainerSummary[],
): ImageSummary[] {
  const used = new Set(containers.filter((one) => !going.includes(one)).map(({ ImageID }) => ImageID));
  const wanted = [
    // A service may have no task on this node now, and get one at any time.
    ...services.flatMap(({ Spec, PreviousSpec }) => [imageOf(Spec), imageOf(PreviousSpec)]),
    ...kept.flatMap((release) => Object.values(release.images)),
  ].filter((image) => image !== undefined);
  return images.filter((image) => !used.has(image.Id) && !wanted.some((one) => isIt(one, image)));
}

const imageOf = (spec: Service['Spec'] | undefined): string | undefined =>
  spec?.TaskTemplate.ContainerSpec?.Image;

/** By digest where there is one: a tag may have moved since. */
function isIt(wanted: string, { RepoTags, RepoDigests }: ImageSummary): boolean {
  const { digest } = parseImage(wanted);
  if (digest === undefined) return (RepoTags ?? []).some((tag) => sameImage(wanted, tag));
  return (RepoDigests ?? []).some((one) => parseImage(one).digest === digest);
}

/** By name: Terraform's configs carry no label. Those of its state are mounted. */
function doomedConfigs(
  { namespace, services, configs, now }: Found,
  kept: readonly Release[],
): SwarmObject[] {
  const mounted = services.flatMap(({ Spec, PreviousSpec }) =>
    [Spec, PreviousSpec].flatMap((spec) => spec?.TaskTemplate.ContainerSpec?.Configs ?? []),
  );
  const ids = new Set(mounted.map(({ ConfigID }) => ConfigID));
  const names = new Set(kept.flatMap(({ objects }) => objects));
  const version = /_[0-9a-f]{10}$/;
  const isOld = ({ CreatedAt = '' }: SwarmObject) => now - Date.parse(CreatedAt) > UNDER_WAY_MS;
  return configs.filter((config) => {
    const name = config.Spec?.Name ?? '';
    const isVersion = name.startsWith(`${namespace}_`) && version.test(name);
    return isVersion && isOld(config) && !ids.has(config.ID) && !names.has(name);
  });
}
