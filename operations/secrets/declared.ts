import { createHash } from 'node:crypto';

/** A secret of the catalogue, as the synthesized stack tells it. Its value is `TF_VAR_<name>`. */
export interface DeclaredSecret {
  readonly name: string;
  /** Characters. */
  readonly minLength: number;
  readonly optional: boolean;
  readonly asciiOnly: boolean;
  /** What is hashed before the value for the name of the Swarm object. */
  readonly hashPrefix: string;
  /** Services that get it; rotating it replaces their tasks. */
  readonly services: readonly string[];
  /** It is the database account's password: `<service>` accepts the new one beside the old while services roll. @default none */
  readonly provisionedIn?: string;
  /** It signs tokens; `acceptedKeys` holds further keys that its services accept. @default none */
  readonly signsTokens?: { readonly acceptedKeys?: string };
}

type Shell = Readonly<Record<string, string | undefined>>;

export const variableOf = (name: string): string => `TF_VAR_${name}`;

export const givenValue = (name: string, shell: Shell): string => shell[variableOf(name)] ?? '';

/** The ten hex digits in the name of the Swarm object: the same as Terraform writes there. */
export const versionOf = ({ hashPrefix }: Pick<DeclaredSecret, 'hashPrefix'>, value: string): string =>
  createHash('sha256').update(`${hashPrefix}${value}`).digest('hex').slice(0, 10);

/** The version in the name of one of this secret's objects; undefined for other objects. */
export function versionIn(objectName: string, namespace: string, name: string): string | undefined {
  const start = `${namespace}_${name}_`;
  const version = objectName.startsWith(start) ? objectName.slice(start.length) : '';
  return /^[0-9a-f]{10}$/.test(version) ? version : undefined;
}

/** The keys of a value that holds several: separated by commas, white space around them does not count. */
export const keysIn = (value: string): string[] =>
  value === '' ? [] : value.split(',').map((key) => key.trim());
