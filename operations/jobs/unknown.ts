import { hashPrefixOf } from '../../contract/declared-secret';
import type { DerivedSecret } from '../../contract/derived-secret';
import type { Shell } from '../../contract/shell';
import type { TaskSpec } from '../docker/answers';
import { versionOf } from '../inputs/declared';

/** What is known on this machine. */
interface Known {
  readonly environments: readonly Shell[];
  readonly derived: readonly DerivedSecret[];
  /** Of the names of secrets' objects. */
  readonly salts: readonly string[];
}

/**
 * The variables whose values a task's secrets have, or are made from, and which nobody here has: nothing hides what it prints of
 * them. A value of before a rotation, or of another environment, is not theirs: the object's name tells.
 */
export function unknownVariables(
  { ContainerSpec }: TaskSpec,
  namespace: string,
  { environments, derived, salts }: Known,
): string[] {
  const given = environments.flatMap((one) =>
    Object.entries(one).flatMap(([variable, value]) => {
      const [, name] = /^TF_VAR_(\w+)$/.exec(variable) ?? [];
      return name && value ? [{ name, value }] : [];
    }),
  );
  const versions = new Set(
    given.flatMap(({ name, value }) =>
      ['', ...salts].map((salt) => versionOf({ hashPrefix: hashPrefixOf(namespace, name, salt) }, value)),
    ),
  );
  const names = (ContainerSpec?.Secrets ?? []).map(({ SecretName = '' }) => SecretName);
  const unknown = names
    .filter((name) => name.startsWith(`${namespace}_`))
    .map((name) => split(name.slice(namespace.length + 1)))
    .map(({ id, version }) => ({ version, from: derived.find(({ name }) => name === id)?.from ?? id }))
    // One that was made by hand has no version in its name.
    .filter(
      ({ version, from }) => !(version ? versions.has(version) : given.some(({ name }) => name === from)),
    );
  return [...new Set(unknown.map(({ from }) => `TF_VAR_${from}`))].sort();
}

function split(name: string): { readonly id: string; readonly version?: string } {
  const [, id = name, version] = /^(.+)_([0-9a-f]{10})$/.exec(name) ?? [];
  return version ? { id, version } : { id };
}
