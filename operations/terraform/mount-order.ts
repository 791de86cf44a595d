import type { Json } from './document';

/**
 * The mounts of a service in the order in which the provider writes them to Docker. Its schema calls them a set; Terraform's
 * SDK for providers writes one in the order of its hashes, of which a plan and a state show nothing
 * (`helper/schema/serialize.go` and `set.go` of hashicorp/terraform-plugin-sdk, alike in 2.26 and 2.37).
 *
 * @param mounts `container_spec.mounts` of a plan or a state, of provider 3.x
 */
export function asWritten(mounts: readonly Json[]): Json[] {
  const hashed = mounts.map((mount) => ({ mount, hash: hashOf(mount, MOUNT) }));
  return hashed.sort((a, b) => (a.hash < b.hash ? -1 : 1)).map(({ mount }) => mount);
}

/** What an attribute is in a schema. */
type Kind = 'text' | 'number' | 'bool' | 'map' | { readonly list: Schema } | { readonly set: Schema };
type Schema = { readonly [name: string]: Kind };

const MOUNT: Schema = {
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
};

/** Sorted as text, though it is a number. */
const hashOf = (value: Json, schema: Schema): string => String(crc32(Buffer.from(members(value, schema))));

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
  }
  const items: readonly Json[] = value ?? [];
  if ('list' in kind) return `(${items.map((item) => `<${members(item, kind.list)}>;`).join('')})`;
  const hashed = items.map((item) => [hashOf(item, kind.set), members(item, kind.set)] as const);
  return `{${hashed
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, text]) => `<${text}>;`)
    .join('')}}`;
}

/** That of IEEE 802.3; `zlib.crc32` is younger than the oldest Node.js that runs this. */
function crc32(bytes: Uint8Array): number {
  let rest = 0xffffffff;
  for (const byte of bytes) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit += 1) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
  }
  return (rest ^ 0xffffffff) >>> 0;
}
