import { literal, type SecretMount, type SwarmSecret } from '../swarm';
import type { ApplicationSpec } from './spec/application';
import type { Grant } from './spec/backend';
import type { PlatformSpec } from './spec/platform';

export type Application = ApplicationSpec<string, string, Readonly<Record<string, unknown>>, string>;

export const applicationsOf = (spec: PlatformSpec): [string, Application][] =>
  Object.entries(spec.services as Record<string, Application>);

/** What an application gets of the backends that it names, in their order in the catalogue. */
export function grantsOf(application: Application, { backends = {} }: PlatformSpec): Grant[] {
  const uses = Object.entries(application.backends ?? {}).filter(([, use]) => use !== undefined);
  return Object.entries(backends).flatMap(([id, backend]) =>
    uses.filter(([used]) => used === id).map(([, use]) => backend.grant(id, use as never)),
  );
}

/** Environment variables that hold no secret, in a fixed order: what people wrote, then what follows from references. */
export function settingsOf(application: Application, spec: PlatformSpec): { name: string; value: string }[] {
  const services = spec.services as Record<string, Application>;
  const entries = [
    ...Object.entries(application.settings ?? {}).map(([name, value]) => ({ name, value: literal(value) })),
    ...grantsOf(application, spec).flatMap(({ settings = [] }) => settings),
    ...Object.entries(application.urls ?? {}).map(([name, service]) => ({
      name,
      value: `http://${service}:${services[service]!.port}`,
    })),
    ...Object.entries(application.variables ?? {}).map(([name, variable]) => ({
      name,
      value: `\${var.${variable}}`,
    })),
  ];
  for (const { name, value } of entries) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || /[\n\0]/.test(value)) {
      throw new Error(
        `the setting ${JSON.stringify(name)} cannot be an environment variable on one line\n  use letters, digits and _ in its name, and no line break in its value`,
      );
    }
  }
  return entries;
}

/** URLs whose secrets the launcher fills in and URL-encodes inside the container. */
export const secretUrlsOf = (application: Application, spec: PlatformSpec) =>
  grantsOf(application, spec).flatMap(({ urls = [] }) => urls);

/** What answers when the backends are ready. */
export const awaitedBy = (application: Application, spec: PlatformSpec): string[] =>
  grantsOf(application, spec).flatMap(({ waitFor }) => waitFor ?? []);

/** Each secret under the environment variable's name; the backends' under their own, which the launcher looks for. */
export function secretMountsOf(
  application: Application,
  spec: PlatformSpec,
  secrets: ReadonlyMap<string, SwarmSecret>,
): SecretMount[] {
  const granted = new Set(grantsOf(application, spec).flatMap(({ secrets: names = [] }) => names));
  return [
    ...[...granted].map((name) => ({ secret: secrets.get(name)! })),
    ...Object.entries(application.secrets ?? {}).map(([file, id]) => ({ secret: secrets.get(id)!, file })),
  ];
}
