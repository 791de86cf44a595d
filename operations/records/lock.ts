import type { DockerClient } from '../docker/client';
import { fromData, isTaken, toData } from './document';

/** A label of its own, as releases have one. */
const LABEL = 'proctor.lock';

/** Nobody deploys to this platform meanwhile. */
export interface DeployLock {
  readonly who: string;
  /** ISO 8601. */
  readonly since: string;
  readonly why: string;
}

type Reading = Pick<DockerClient, 'configs'>;

const find = async (docker: Reading, namespace: string) =>
  (await docker.configs({ label: [`${LABEL}=${namespace}`] }))[0];

/** @returns undefined where everybody may deploy */
export async function readLock(docker: Reading, namespace: string): Promise<DeployLock | undefined> {
  const config = await find(docker, namespace);
  return config && (fromData<DeployLock>(config.Spec?.Data) ?? UNKNOWN);
}

/** One that cannot be read locks all the same: somebody meant it. */
const UNKNOWN: DeployLock = { who: '?', since: '?', why: '?' };

/** @returns the lock that is in the way, of whoever was first; undefined where this one is taken */
export async function takeLock(
  docker: Pick<DockerClient, 'configs' | 'createConfig'>,
  namespace: string,
  lock: DeployLock,
): Promise<DeployLock | undefined> {
  try {
    await docker.createConfig({
      Name: `${namespace}.lock`,
      Labels: { [LABEL]: namespace },
      Data: toData(lock),
    });
    return undefined;
  } catch (error) {
    if (!isTaken(error)) throw error;
    return (await readLock(docker, namespace)) ?? UNKNOWN;
  }
}

/** @returns the lock that was; undefined where there was none */
export async function dropLock(
  docker: Pick<DockerClient, 'configs' | 'removeConfig'>,
  namespace: string,
): Promise<DeployLock | undefined> {
  const config = await find(docker, namespace);
  if (!config) return undefined;
  await docker.removeConfig(config.ID);
  return fromData<DeployLock>(config.Spec?.Data) ?? UNKNOWN;
}

export const lockInWords = (lock: DeployLock): string => `deploys are locked by ${holderOf(lock)}`;

/** `anna@laptop since 2026-01-02 03:04 UTC: the data moves` */
export const holderOf = ({ who, since, why }: DeployLock): string =>
  `${who} since ${since.slice(0, 16).replace('T', ' ')} UTC: ${why}`;
