import type { Json } from '../../terraform/document';

/** A field that differs, with what in it does: `args LOG_LEVEL`. Values of settings are not told: the full text has them. */
export function named(key: string, before: Json, after: Json): string {
  const [old, next] = [entries(key, before[key]), entries(key, after[key])];
  const names = keysOf(old, next).filter((name) => !same(old[name], next[name]));
  return names.length > 0 ? `${key} ${names.join(' ')}` : key;
}

function entries(key: string, value: Json): Record<string, unknown> {
  if (key === 'args') {
    // The launcher's: KEY=value, before the command.
    const settings = (value ?? []).map((arg: unknown) => /^(?:--)?(\w+)=(.*)$/s.exec(String(arg)));
    return Object.fromEntries(settings.filter(Boolean).map(([, name, text]: string[]) => [name, text]));
  }
  if (key === 'env') return value ?? {};
  const nameOf = NAME_OF[key];
  return nameOf ? Object.fromEntries((value ?? []).map((item: Json) => [nameOf(item), item])) : {};
}

const NAME_OF: Readonly<Record<string, (item: Json) => string>> = {
  // As the container knows them: their names in Swarm end in a hash.
  secrets: ({ file_name }) => file_name ?? '?',
  configs: ({ file_name }) => file_name ?? '?',
  mounts: ({ target }) => target ?? '?',
};

export const keysOf = (...objects: object[]): string[] => [...new Set(objects.flatMap(Object.keys))];

/** @param key the field that both are of */
export const same = (a: unknown, b: unknown, key = ''): boolean =>
  JSON.stringify(said({ [key]: a })) === JSON.stringify(said({ [key]: b }));

/**
 * The provider's sets, by its schema: Terraform writes one in an order that follows from every value in it, so that a
 * `false` which was read back moves what did not change. Lists keep their order: in `args` and `ports` it counts.
 */
const SETS = [
  'labels',
  'mounts',
  'hosts',
  'secrets',
  'configs',
  'constraints',
  'prefs',
  'platforms',
  'networks_advanced',
  'aliases',
  'driver_opts',
  'named_resources_spec',
  'discrete_resources_spec',
];

/** The provider writes nothing as null, false, 0, an empty text or list, or not at all; and reads it back otherwise. */
function said(value: Json, ofSet = false): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => said(item) ?? null);
    if (items.every((item) => item === null)) return undefined;
    return ofSet ? items.map((item) => JSON.stringify(item)).sort() : items;
  }
  if (typeof value !== 'object' || value === null) return value || undefined;
  const known = Object.keys(value)
    .sort()
    .map((key) => [key, said(value[key], SETS.includes(key))] as const)
    .filter(([, item]) => item !== undefined);
  return known.length === 0 ? undefined : Object.fromEntries(known);
}
