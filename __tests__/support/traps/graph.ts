import type { Json } from '../platform/template';

/** Address → the addresses that it mentions, in expressions, `depends_on` and `replace_triggered_by` alike. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

const REFERENCE = /(?<![\w.-])((?:docker|null|tls)_\w+|local|var)\.([A-Za-z_][\w-]*)/g;

export function dependencies({ resource, locals = {}, variable = {} }: Json): Graph {
  const blocks: [string, Json][] = [
    ...Object.entries<Json>(resource).flatMap(([type, group]) =>
      Object.entries<Json>(group).map(([name, block]): [string, Json] => [`${type}.${name}`, block]),
    ),
    ...Object.entries<Json>(locals).map(([name, value]): [string, Json] => [`local.${name}`, value]),
    ...Object.entries<Json>(variable).map(([name]): [string, Json] => [`var.${name}`, {}]),
  ];
  return new Map(blocks.map(([address, block]) => [address, new Set([...texts(block)].flatMap(references))]));
}

/** Only what stands in `${…}`, or is an address and nothing else: `var.x` in a sentence is no reference. */
function references(text: string): string[] {
  const isAddress = /^[a-z_]+\.[\w-]+$/.test(text);
  const expressions = isAddress ? text : text.replaceAll('$${', '').split('${').slice(1).join(' ');
  return [...expressions.matchAll(REFERENCE)].map(([, type, name]) => `${type}.${name}`);
}

function* texts(value: Json): Iterable<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) {
    for (const item of Object.values<Json>(value)) yield* texts(item);
  }
}

export function reaches(graph: Graph, from: string, to: string): boolean {
  const seen = new Set<string>();
  const queue = [from];
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    for (const next of graph.get(at) ?? []) {
      if (next === to) return graph.has(to);
      if (!seen.has(next)) queue.push(next);
      seen.add(next);
    }
  }
  return false;
}

/** A way round for each address that reaches itself; empty when there is none. */
export const cycleIn = (graph: Graph): string[] =>
  [...graph.keys()]
    .filter((address) => reaches(graph, address, address))
    .map((address) => `${address} → … → itself`);
