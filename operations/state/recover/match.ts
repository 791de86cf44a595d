import type { ExistingObject } from '../../stack/existing';
import type { KnownObject } from '../../terraform/state-contents';
import type { Declared, DeclaredObject } from './declared';

export interface Match extends DeclaredObject {
  readonly id: string;
  /** The state has something else at this address, which is gone from the server. */
  readonly isStale: boolean;
}

/** What is declared and runs, and the state does not know. */
export function matchObjects(
  { objects }: Pick<Declared, 'objects'>,
  existing: readonly ExistingObject[],
  known: readonly KnownObject[],
): Match[] {
  return objects.flatMap((object) => {
    const there = existing.find(({ type, name }) => type === object.type && name === object.name);
    const kept = known.find(({ address }) => address === object.address);
    return there && there.id !== kept?.id ? [{ ...object, id: there.id, isStale: kept !== undefined }] : [];
  });
}

/** Planned secrets whose names the server has already: their addresses end in the hash of their names. */
export function findCollisions(
  created: readonly string[],
  existing: readonly ExistingObject[],
  namespace: string,
): string[] {
  const taken = new Set(existing.filter(({ type }) => type === 'docker_secret').map(({ name }) => name));
  return created
    .map((address) => /^docker_secret\.(\w+)\["(\w+)"\]$/.exec(address))
    .flatMap((found) => (found ? [`${namespace}_${found[1]}_${found[2]}`] : []))
    .filter((name) => taken.has(name));
}

/** Older versions that nothing will use or know once the deploy is through, as commands that remove them. */
export function findLeftovers(
  declared: Declared,
  existing: readonly ExistingObject[],
  known: readonly KnownObject[],
  namespace: string,
): string[] {
  const ids = new Set(known.map(({ id }) => id));
  const wanted = new Set(declared.objects.map(({ name }) => name));
  const versions = (type: ExistingObject['type'], names: readonly string[]) =>
    existing
      .filter((one) => one.type === type && !ids.has(one.id) && !wanted.has(one.name))
      .map(({ name }) => name)
      .filter((name) => names.some((id) => name.slice(0, -11) === `${namespace}_${id}` && HASHED.test(name)))
      .sort();
  const secrets = versions('docker_secret', declared.secrets);
  const configs = versions('docker_config', declared.configs);
  return [
    ...(secrets.length > 0 ? [`docker secret rm ${secrets.join(' ')}`] : []),
    ...(configs.length > 0 ? [`docker config rm ${configs.join(' ')}`] : []),
  ];
}

const HASHED = /_[0-9a-f]{10}$/;
