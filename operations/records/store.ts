import type { Release } from '../../contract/release';
import type { SwarmObject } from '../docker/answers';
import type { DockerClient } from '../docker/client';
import { hasConverged, KEPT_CONVERGED } from './choose';
import { fromData, isTaken, toData } from './document';

/** A label of its own, and not the stack's: `docker stack rm` leaves what it does not have. */
const LABEL = 'proctor.release';
const NUMBER = 'proctor.release.number';
/** Of those that did not converge: whoever looks for them need not read the others, of up to 270 kB each. */
const FAILED = 'proctor.release.failed';

/** How many are kept where the catalogue does not say. */
export const KEPT = 20;
/** Others that deploy at the same moment take one each. */
const TRIES = 20;

type Reading = Pick<DockerClient, 'configs'>;
type Writing = Pick<DockerClient, 'configs' | 'createConfig' | 'removeConfig'>;

/** With a dot, so that it does not begin as the stack's own objects do. */
const nameOf = (namespace: string, number: number): string => `${namespace}.release.${number}`;

const recordsOf = (docker: Reading, namespace: string): Promise<SwarmObject[]> =>
  docker.configs({ label: [`${LABEL}=${namespace}`] });

const numberOf = ({ Spec }: SwarmObject): number => Number(Spec?.Labels?.[NUMBER] ?? 0);

/** All of a platform, the newest first. One that cannot be read is passed over: it blocks nothing. */
export const readReleases = async (docker: Reading, namespace: string): Promise<Release[]> =>
  readable(await recordsOf(docker, namespace));

/** Of every platform on a Swarm, by namespace, the newest first. */
export async function readEveryonesReleases(
  docker: Reading,
): Promise<ReadonlyMap<string, readonly Release[]>> {
  const records = await docker.configs({ label: [LABEL] });
  const namespaces = new Set(records.map(namespaceOf));
  return new Map(
    [...namespaces].map((namespace) => [
      namespace,
      readable(records.filter((record) => namespaceOf(record) === namespace)),
    ]),
  );
}

/** The newest of all, where it did not converge. Mostly that is one answer without a record in it. */
export async function newestFailed(docker: Reading, namespace: string): Promise<Release | undefined> {
  const [failed] = readable(await docker.configs({ label: [`${FAILED}=${namespace}`] }));
  if (!failed) return undefined;
  // Docker takes the name for the start of one.
  const next = nameOf(namespace, failed.number + 1);
  const later = await docker.configs({ name: [next] });
  return later.some(({ Spec }) => Spec?.Name === next) ? undefined : failed;
}

const namespaceOf = ({ Spec }: SwarmObject): string => Spec?.Labels?.[LABEL] ?? '';

const readable = (records: readonly SwarmObject[]): Release[] =>
  records.flatMap((record) => read(record) ?? []).sort((a, b) => b.number - a.number);

function read({ Spec }: SwarmObject): Release | undefined {
  const release = fromData<unknown>(Spec?.Data);
  return isRelease(release) ? release : undefined;
}

/** Whoever may create configs may have written it. */
function isRelease(value: unknown): value is Release {
  const has = (kind: string, names: readonly (keyof Release)[]) =>
    names.every((name) => kindOf((value as Release)[name]) === kind);
  return (
    kindOf(value) === 'object' &&
    has('number', ['number', 'exitCode', 'seconds', 'gates']) &&
    has('string', ['at', 'who', 'stack', 'environment', 'outcome', 'packed']) &&
    has('array', ['services', 'plan', 'acknowledged', 'objects']) &&
    has('object', ['images']) &&
    (value as Release).services.every((row) => kindOf(row) === 'object')
  );
}

const kindOf = (value: unknown): string =>
  Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;

/**
 * Keeps one more under the next free number, and lets the oldest go; never the newest that converged, however many failed
 * since.
 *
 * @returns its number
 * @throws what Docker says when it does not take it
 */
export async function writeRelease(
  docker: Writing,
  namespace: string,
  release: Omit<Release, 'number'>,
  kept = KEPT,
): Promise<number> {
  const there = await recordsOf(docker, namespace);
  const first = Math.max(0, ...there.map(numberOf)) + 1;
  const number = await createFrom(first, (next) =>
    docker.createConfig({
      Name: nameOf(namespace, next),
      Labels: {
        [LABEL]: namespace,
        [NUMBER]: String(next),
        ...(hasConverged(release) ? {} : { [FAILED]: namespace }),
      },
      Data: toData({ number: next, ...release }),
    }),
  );
  const others = there.sort((a, b) => numberOf(b) - numberOf(a));
  const good = others
    .filter((record) => readable([record]).some(hasConverged))
    .slice(0, KEPT_CONVERGED - (hasConverged(release) ? 1 : 0));
  const old = others.slice(Math.max(0, kept - 1)).filter((record) => !good.includes(record));
  // One that stays is in nobody's way, and goes with the next.
  for (const { ID } of old) await docker.removeConfig(ID).catch(() => {});
  return number;
}

/** Names are unique in a Swarm: who comes second takes the next. */
async function createFrom(first: number, create: (number: number) => Promise<unknown>): Promise<number> {
  for (let number = first; ; number += 1) {
    try {
      await create(number);
      return number;
    } catch (error) {
      if (!isTaken(error) || number >= first + TRIES) throw error;
    }
  }
}
