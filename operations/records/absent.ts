import type { Release } from '../../contract/release';

/** A service of the catalogue. */
export interface NamedService {
  /** As in the catalogue, and in records. */
  readonly id: string;
  /** As in Swarm. */
  readonly name: string;
}

/** Services of the catalogue that are not on the server. */
export interface Absent {
  /** Those that were there, or that a deploy was to make, and those of which no record says which it is. */
  readonly missing: readonly MissingService[];
  /** Ids of those that no deploy was to make yet: the catalogue is ahead of the server. */
  readonly ahead: readonly string[];
}

export interface MissingService {
  /** As in the catalogue. */
  readonly name: string;
  /** What is known of it, and what to do. */
  readonly problem: string;
}

/** @param releases the newest first; none where deploys leave no records, or none can be read */
export function sortAbsent(services: readonly NamedService[], releases: readonly Release[]): Absent {
  const told = services.map(({ id }) => ({ name: id, said: lastWord(id, releases) }));
  return {
    missing: told.flatMap(({ name, said }) =>
      said === undefined
        ? []
        : [{ name, problem: `is in the catalogue and not on the server${said}: ./proctor deploy makes it` }],
    ),
    ahead: told.flatMap(({ name, said }) => (said === undefined ? [name] : [])),
  };
}

/**
 * What the newest release says that has a word about a service. A deploy of a part has none about the others.
 *
 * @returns undefined where none has, or where it was to be removed
 */
function lastWord(id: string, releases: readonly Release[]): string | undefined {
  if (releases.length === 0) return '';
  for (const { number, images, services } of releases) {
    const row = services.find(({ service }) => service === id);
    // Whoever may create configs may have written the record.
    if (String(row?.change).startsWith('destroy:')) return undefined;
    if (Object.hasOwn(images, id)) return `, where it was after release ${number}`;
    if (row) return `, and release ${number} was to make it`;
  }
  return undefined;
}
