import type { BackupReport } from '../../contract/backup';
import type { BackupSettings } from '../../contract/backup-settings';
import type { Docker } from '../docker/client';
import { fromData, isTaken, toData } from '../records/document';

/** The repository that a platform's backups have been in: a Swarm config beside Terraform's, which outlives the service. */
export interface KnownRepository {
  readonly id: string;
  /** As `BackupSettings.to`. */
  readonly to: string;
  /** ISO 8601: when it was remembered. */
  readonly since: string;
}

type Reading = Pick<Docker, 'configs'>;

const LABEL = 'proctor.repository';
const nameOf = (service: string): string => `repository.${service}`;

const find = async (docker: Reading, service: string) =>
  (await docker.configs({ label: [`${LABEL}=${service}`] }))[0];

/** @param service that makes the backups, by its full name */
export async function readKnown(docker: Reading, service: string): Promise<KnownRepository | undefined> {
  return fromData<KnownRepository>((await find(docker, service))?.Spec?.Data);
}

/** Remembers the one that answers, once for each place: in the same one another repository is a fault. */
export async function remember(
  docker: Reading & Pick<Docker, 'createConfig' | 'removeConfig'>,
  { service, to }: Pick<BackupSettings, 'service' | 'to'>,
  { repository: id }: Pick<BackupReport, 'repository'>,
): Promise<void> {
  if (id === undefined) return;
  const earlier = await find(docker, service);
  if (earlier && fromData<KnownRepository>(earlier.Spec?.Data)?.to === to) return;
  if (earlier) await docker.removeConfig(earlier.ID);
  const known: KnownRepository = { id, to, since: new Date().toISOString() };
  try {
    await docker.createConfig({
      Name: nameOf(service),
      Labels: { [LABEL]: service },
      Data: toData(known),
    });
  } catch (error) {
    // Somebody was faster, which says the same.
    if (!isTaken(error)) throw error;
  }
}

/** @returns whether one was known */
export async function forgetKnown(
  docker: Reading & Pick<Docker, 'removeConfig'>,
  service: string,
): Promise<boolean> {
  const config = await find(docker, service);
  if (config) await docker.removeConfig(config.ID);
  return config !== undefined;
}

/** What is wrong with the repository that answers; nothing where it is the one that is known, or none is. */
export function anotherRepository(
  { to }: Pick<BackupSettings, 'to'>,
  known: KnownRepository | undefined,
  { fault, repository }: Pick<BackupReport, 'fault' | 'repository'>,
): string[] {
  // Whoever changes the place means another one.
  if (!known || known.to !== to) return [];
  const is =
    fault === 'no-repository'
      ? 'there is none'
      : repository !== undefined && repository !== known.id
        ? 'there is another one, which was made anew'
        : undefined;
  return is === undefined
    ? []
    : [
        `the repository that has had the backups since ${known.since.slice(0, 10)} is not at ${to} any more, ${is}: bring it back (its disk was not mounted? it was deleted?); where what is there now counts: ./proctor data forget backup`,
      ];
}
