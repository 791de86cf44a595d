import type { Release } from '../../contract/release';
import type { SwarmObject } from '../docker/answers';
import type { DockerClient } from '../docker/client';
import { fromData, isTaken, toData } from './document';

/** A label of its own, and not the stack's: `docker stack rm` leaves what it does not have. */
const LABEL = 'proctor.release';
const NUMBER = 'proctor.release.number';

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
export async function readReleases(docker: Reading, namespace: string): Promise<Release[]> {
  const records = await recordsOf(docker, namespace);
  return records
    .flatMap(({ Spec }) => fromData<Release>(Spec?.Data) ?? [])
    .sort((a, b) => b.number - a.number);
}

/**
 * Keeps one more under the next free number, and lets the oldest go.
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
      Labels: { [LABEL]: namespace, [NUMBER]: String(next) },
      Data: toData({ number: next, ...release }),
    }),
  );
  const old = there.sort((a, b) => numberOf(b) - numberOf(a)).slice(Math.max(0, kept - 1));
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
