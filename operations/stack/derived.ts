import type { DerivedSecret } from '../../contract/derived-secret';

// biome-ignore lint/suspicious/noExplicitAny: a document that another program wrote
type Json = any;

/** As `SwarmSecret` writes it. */
const DERIVED = /^\$\{base64encode\(sha256\("([^"\\$]+)\$\{var\.(\w+)\}"\)\)\}$/;

/** The secrets of a stack's JSON that are made from the value of a variable, be it today's or a release's. */
export const derivedSecretsIn = (stack: Json): DerivedSecret[] =>
  Object.entries<Json>(stack.resource?.docker_secret ?? {}).flatMap(([name, { data }]) => {
    const [, derivation, from] = DERIVED.exec(String(data)) ?? [];
    return derivation && from ? [{ name, from, derivation }] : [];
  });
