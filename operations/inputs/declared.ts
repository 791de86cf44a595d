import { createHash } from 'node:crypto';
import type { DeclaredSecret } from '../../contract/declared-secret';
import type { Shell } from '../../contract/shell';

export const variableOf = (name: string): string => `TF_VAR_${name}`;

export const givenValue = (name: string, shell: Shell): string => shell[variableOf(name)] ?? '';

/** The ten hex digits in the name of the Swarm object: the same as Terraform writes there. */
export const versionOf = ({ hashPrefix }: Pick<DeclaredSecret, 'hashPrefix'>, value: string): string =>
  createHash('sha256').update(`${hashPrefix}${value}`).digest('hex').slice(0, 10);

/** The version in the name of an object of this secret, or of one that is made from it. */
export const versionOfDeclared = (
  objectName: string,
  namespace: string,
  { name, derived = [] }: Pick<DeclaredSecret, 'name' | 'derived'>,
): string | undefined =>
  [name, ...derived]
    .map((one) => versionIn(objectName, namespace, one))
    .find((version) => version !== undefined);

/** The version in the name of one of this secret's objects; undefined for other objects. */
export function versionIn(objectName: string, namespace: string, name: string): string | undefined {
  const start = `${namespace}_${name}_`;
  const version = objectName.startsWith(start) ? objectName.slice(start.length) : '';
  return /^[0-9a-f]{10}$/.test(version) ? version : undefined;
}

/** The keys of a value that holds several: separated by commas, white space around them does not count. */
export const keysIn = (value: string): string[] =>
  value === '' ? [] : value.split(',').map((key) => key.trim());
