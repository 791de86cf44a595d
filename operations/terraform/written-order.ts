import type { Json } from './document';

/** What an attribute is in a schema. */
type Kind =
  | 'text'
  | 'number'
  | 'bool'
  | 'map'
  | 'texts'
  | 'bare texts'
  | { readonly list: Schema }
  | { readonly set: Schema };
type Schema = { readonly [name: string]: Kind };

const FILE: Schema = { file_name: 'text', file_uid: 'text', file_gid: 'text', file_mode: 'number' };

/** Of provider 3.x: its sets whose order Docker gets to see. */
const SETS = {
  mounts: {
    bind_options: { list: { propagation: 'text' } },
    read_only: 'bool',
    source: 'text',
    target: 'text',
    tmpfs_options: { list: { mode: 'number', size_bytes: 'number' } },
    type: 'text',
    volume_options: {
      list: {
        driver_name: 'text',
        driver_options: 'map',
        labels: { set: { label: 'text', value: 'text' } },
        no_copy: 'bool',
      },
    },
  },
  secrets: { ...FILE, secret_id: 'text', secret_name: 'text' },
  configs: { ...FILE, config_id: 'text', config_name: 'text' },
  networks_advanced: { aliases: 'bare texts', driver_opts: 'texts', name: 'text' },
} as const satisfies Record<string, Schema>;

export type WrittenSet = keyof typeof SETS;

/**
 * A set of a service in the order in which the provider writes it to Docker: Terraform's SDK for providers sorts sets by hashes
 * of which a plan and a state show nothing (`helper/schema/serialize.go` and `set.go` of hashicorp/terraform-plugin-sdk, alike
 * in 2.26 and 2.37).
 *
 * @param items as a plan or a state has them
 */
export function asWritten(set: WrittenSet, items: readonly Json[]): Json[] {
  const hashed = items.map((item) => ({ item, hash: hashOf(members(item, SETS[set])) }));
  return hashed.sort((a, b) => (a.hash < b.hash ? -1 : 1)).map(({ item }) => item);
}

/** Sorted as text, though it is a number. */
const hashOf = (text: string): string => String(crc32(Buffer.from(text)));

const members = (value: Json, schema: Schema): string =>
  Object.keys(schema)
    .sort()
    .map((name) => `${name}:${serialized(value?.[name], schema[name]!)};`)
    .join('');

/** What is not said is the kind's zero. */
function serialized(value: Json, kind: Kind): string {
  switch (kind) {
    case 'text':
      return value ?? '';
    case 'number':
      return String(value ?? 0);
    case 'bool':
      return value ? '1' : '0';
    case 'map':
      return `[${Object.keys(value ?? {})
        .sort()
        .map((key) => `${key}:${value[key]};`)
        .join('')}]`;
    case 'texts':
      return `{${byHash((value ?? []).map((text: string) => `${text};`)).join('')}}`;
    // By `schema.HashString`, as the provider says for these alone.
    case 'bare texts':
      return `{${byHash(value ?? [])
        .map((text) => `${text};`)
        .join('')}}`;
  }
  const items: readonly Json[] = value ?? [];
  if ('list' in kind) return `(${items.map((item) => `<${members(item, kind.list)}>;`).join('')})`;
  const texts = byHash(items.map((item) => members(item, kind.set)));
  return `{${texts.map((text) => `<${text}>;`).join('')}}`;
}

const byHash = (texts: readonly string[]): string[] =>
  [...texts].sort((a, b) => (hashOf(a) < hashOf(b) ? -1 : 1));

/** That of IEEE 802.3; `zlib.crc32` is younger than the oldest Node.js that runs this. */
function crc32(bytes: Uint8Array): number {
  let rest = 0xffffffff;
  for (const byte of bytes) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit += 1) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
  }
  return (rest ^ 0xffffffff) >>> 0;
}
