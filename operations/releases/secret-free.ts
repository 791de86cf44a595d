import { secretLook, secretsInCommand, splitArgument } from '../../constructs/units/secret-looking';
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
  const steps = Object.entries(stack?.resource?.null_resource ?? {}).flatMap(
    ([id, { triggers }]: [string, Json]) => commandIn(id, listOf(triggers?.command)),
  );
  const migrations: Json[] = Object.values(stack?.['//']?.deploy?.migrations ?? {});
  const running = Object.entries(specs).flatMap(([name, spec]) => {
    const { Args, Command, Env, Healthcheck } = (spec as ServiceSpec).TaskTemplate?.ContainerSpec ?? {};
    return settingsIn(name, {
      args: Args,
      command: Command,
      env: Env,
      healthcheck: { test: Healthcheck?.Test },
    });
  });
  const inFiles = decoded.some((text) => secretLook(undefined, text) === 'secret')
    ? ['a file or config has a private key or a token in it']
    : [];
  return [
    ...new Set([
      ...known.map((name) => `the value of ${name} is in it`),
      ...declared,
      ...migrations.flatMap(({ service, command }) =>
        commandIn(`the migration of ${service}`, command ?? []),
      ),
      ...steps,
      ...running,
      ...inFiles,
    ]),
  ];
}

function settingsIn(service: string, container: Json): string[] {
  const { args, command, env, healthcheck } = container;
  const settings: [string | undefined, string][] = Array.isArray(env)
    ? env.map(splitArgument)
    : (Object.entries(env ?? {}) as [string, string][]);
  return [
    ...commandIn(service, [...(command ?? []), ...(args ?? [])]),
    ...settings
      .filter(([name, value]) => secretLook(name, String(value)) !== undefined)
      .map(([name]) => inWords(name, service)),
    ...commandIn(`the health check of ${service}`, healthcheck?.test ?? []),
  ];
}

const commandIn = (of: string, words: readonly string[]): string[] =>
  secretsInCommand(words).map(({ name }) => inWords(name, of));

const inWords = (name: string | undefined, of: string) =>
  `${name ?? 'an argument'} of ${of} looks like a secret`;

/** As a step's trigger has a command. */
function listOf(text: unknown): string[] {
  try {
    const list = JSON.parse(String(text ?? '[]'));
    return Array.isArray(list) ? list.map(String) : [];
  } catch {
    return [];
  }
}

const fromBase64 = (data: unknown): string => Buffer.from(String(data ?? ''), 'base64').toString();
