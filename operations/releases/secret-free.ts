import { secretLook, splitArgument } from '../../constructs/units/secret-looking';
import type { RecordedParts } from '../../contract/release';
import type { ServiceSpec } from '../docker/answers';
import type { Redactor } from '../redact/redactor';

// biome-ignore lint/suspicious/noExplicitAny: a document that another program wrote
type Json = any;

/**
 * What a record would give away, in words without a value; empty where it may be kept. Whoever may list configs reads it:
 * not only what is known to be secret counts, but also what looks like it.
 */
export function secretsIn(parts: RecordedParts, redactor: Redactor): string[] {
  const { stack, files = {}, specs } = parts as RecordedParts & { readonly stack?: Json };
  const decoded = [
    ...Object.values(stack?.resource?.docker_config ?? {}).map(({ data }: Json) => data),
    ...Object.values(files),
  ].map(fromBase64);
  const known = [JSON.stringify({ stack, specs }), ...decoded].flatMap((text) => redactor.found(text));
  const declared = Object.entries(stack?.resource?.docker_service ?? {}).flatMap(
    ([id, body]: [string, Json]) => settingsIn(id, body.task_spec?.container_spec ?? {}),
  );
  const running = Object.entries(specs).flatMap(([name, spec]) => {
    const { Args, Command, Env } = (spec as ServiceSpec).TaskTemplate?.ContainerSpec ?? {};
    return settingsIn(name, { args: Args, command: Command, env: Env });
  });
  const inFiles = decoded.some((text) => secretLook(undefined, text) === 'secret')
    ? ['a file or config has a private key or a token in it']
    : [];
  return [
    ...new Set([
      ...known.map((name) => `the value of ${name} is in it`),
      ...declared,
      ...running,
      ...inFiles,
    ]),
  ];
}

function settingsIn(service: string, container: Json): string[] {
  const { args, command, env } = container;
  const settings: [string | undefined, string][] = [
    ...[...(args ?? []), ...(command ?? []), ...(Array.isArray(env) ? env : [])].map(splitArgument),
    ...(Array.isArray(env) ? [] : (Object.entries(env ?? {}) as [string, string][])),
  ];
  return settings
    .filter(([name, value]) => secretLook(name, String(value)) !== undefined)
    .map(([name]) => `${name ?? 'an argument'} of ${service} looks like a secret`);
}

const fromBase64 = (data: unknown): string => Buffer.from(String(data ?? ''), 'base64').toString();
