import {
  type Look,
  secretLook,
  secretsInCommand,
  splitArgument,
} from '../../constructs/units/secret-looking';
import type { RecordedParts } from '../../contract/release';
import type { ServiceSpec } from '../docker/answers';
import type { Redactor } from '../redact/redactor';

// biome-ignore lint/suspicious/noExplicitAny: a document that another program wrote
type Json = any;

/** As the plan tells that the catalogue acknowledges it: `users breaks no-secret-in-settings: why`. */
const ACKNOWLEDGED = /^(\S+) breaks no-secret-in-settings: /;

/** Services that have something which is only called like a secret, as their catalogue says: by key, and by name in Swarm. */
export function falseAlarmsIn(stack: Json): ReadonlySet<string> {
  const rules: unknown[] = stack?.output?.acknowledged_rules?.value ?? [];
  const ids = rules.flatMap((line) => ACKNOWLEDGED.exec(String(line))?.[1] ?? []);
  return new Set(ids.flatMap((id) => [id, stack?.resource?.docker_service?.[id]?.name ?? id]));
}

/**
 * What a record would give away, in words without a value; empty where it may be kept. Whoever may list configs reads it:
 * not only what is known to be secret counts, but also what looks like it. In services of `falseAlarms` a name alone does not.
 */
export function secretsIn(
  parts: RecordedParts,
  redactor: Redactor,
  falseAlarms: ReadonlySet<string> = new Set(),
): string[] {
  const { stack, files = {}, specs } = parts as RecordedParts & { readonly stack?: Json };
  const decoded = [
    ...Object.values(stack?.resource?.docker_config ?? {}).map(({ data }: Json) => data),
    ...Object.values(files),
  ].map(fromBase64);
  const known = [JSON.stringify({ stack, specs }), ...decoded].flatMap((text) => redactor.found(text));
  const counts = (service: string) => (look: Look) => look !== 'name' || !falseAlarms.has(service);
  const declared = Object.entries(stack?.resource?.docker_service ?? {}).flatMap(
    ([id, body]: [string, Json]) => settingsIn(id, body.task_spec?.container_spec ?? {}, counts(id)),
  );
  const migrations: Readonly<Record<string, Json>> = stack?.['//']?.deploy?.migrations ?? {};
  const steps = Object.entries(stack?.resource?.null_resource ?? {}).flatMap(
    ([id, { triggers }]: [string, Json]) =>
      commandIn(id, listOf(triggers?.command), counts(migrations[id]?.service ?? id)),
  );
  const running = Object.entries(specs).flatMap(([name, spec]) => {
    const { Args, Command, Env, Healthcheck } = (spec as ServiceSpec).TaskTemplate?.ContainerSpec ?? {};
    const container = { args: Args, command: Command, env: Env, healthcheck: { test: Healthcheck?.Test } };
    return settingsIn(name, container, counts(name));
  });
  const inFiles = decoded.some((text) => secretLook(undefined, text) === 'value')
    ? ['a file or config has a private key or a token in it']
    : [];
  return [
    ...new Set([
      ...known.map((name) => `the value of ${name} is in it`),
      ...declared,
      ...Object.values(migrations).flatMap(({ service, command }) =>
        commandIn(`the migration of ${service}`, command ?? [], counts(service)),
      ),
      ...steps,
      ...running,
      ...inFiles,
    ]),
  ];
}

type Counts = (look: Look) => boolean;

function settingsIn(service: string, container: Json, counts: Counts): string[] {
  const { args, command, env, healthcheck } = container;
  const settings: [string | undefined, string][] = Array.isArray(env)
    ? env.map(splitArgument)
    : (Object.entries(env ?? {}) as [string, string][]);
  return [
    ...commandIn(service, [...(command ?? []), ...(args ?? [])], counts),
    ...settings.flatMap(([name, value]) => {
      const look = secretLook(name, String(value));
      return look && counts(look) ? [inWords(name, service)] : [];
    }),
    ...commandIn(`the health check of ${service}`, healthcheck?.test ?? [], counts),
  ];
}

const commandIn = (of: string, words: readonly string[], counts: Counts): string[] =>
  secretsInCommand(words)
    .filter(({ look }) => counts(look))
    .map(({ name }) => inWords(name, of));

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
