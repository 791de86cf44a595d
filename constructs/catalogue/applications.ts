import { literal, type SecretMount, type SwarmSecret } from '../swarm';
import type { ApplicationSpec } from './spec/application';
import type { Grant, OwnSecret } from './spec/backend';
import type { JobSpec } from './spec/job';
import type { PlatformSpec } from './spec/platform';

export type Application = ApplicationSpec<string, string, Readonly<Record<string, unknown>>, string>;

/** With its key in the catalogue. */
export type Named = readonly [name: string, application: Application];

export const applicationsOf = (spec: PlatformSpec): [string, Application][] =>
  Object.entries(spec.services as Record<string, Application>);

export type ScheduledJobSpec = JobSpec<string, string, string>;
export type NamedJob = readonly [name: string, job: ScheduledJobSpec];

export const jobsOf = (spec: PlatformSpec): NamedJob[] => Object.entries(spec.jobs ?? {});

/** What an application gets of the backends that it names, in their order in the catalogue. */
export function grantsOf([name, application]: Named, { backends = {} }: PlatformSpec): Grant[] {
  const uses = Object.entries(application.backends ?? {}).filter(([, use]) => use !== undefined);
  return Object.entries(backends).flatMap(([id, backend]) =>
    uses.filter(([used]) => used === id).map(([, use]) => backend.grant(id, use as never, name)),
  );
}

/** Environment variables that hold no secret, in a fixed order: what people wrote, then what follows from references. */
export function settingsOf(named: Named, spec: PlatformSpec): { name: string; value: string }[] {
  const [, application] = named;
  const services = spec.services as Record<string, Application>;
  return [
    ...Object.entries(application.settings ?? {}).map(([name, value]) => ({ name, value: literal(value) })),
    ...grantsOf(named, spec).flatMap(({ settings = [] }) => settings),
    ...Object.entries(application.urls ?? {}).map(([name, service]) => ({
      name,
      value: `http://${service}:${services[service]!.port}`,
    })),
    ...Object.entries(application.variables ?? {}).map(([name, variable]) => ({
      name,
      value: `\${var.${variable}}`,
    })),
  ];
}

/** URLs whose secrets the launcher fills in and URL-encodes inside the container. */
export const secretUrlsOf = (named: Named, spec: PlatformSpec) =>
  grantsOf(named, spec).flatMap(({ urls = [] }) => urls);

/** What answers when the backends are ready. */
export const awaitedBy = (named: Named, spec: PlatformSpec): string[] =>
  grantsOf(named, spec).flatMap(({ waitFor }) => waitFor ?? []);

/** Each secret under the environment variable's name; the backends' under their own, which the launcher looks for. */
export function secretMountsOf(
  named: Named,
  spec: PlatformSpec,
  secrets: ReadonlyMap<string, SwarmSecret>,
): SecretMount[] {
  const grants = grantsOf(named, spec);
  const granted = new Set(grants.flatMap(({ secrets: names = [] }) => names));
  return [
    ...[...granted].map((name) => ({ secret: secrets.get(name)! })),
    // Under the other's name, so that an image finds it at the same place.
    ...ownSecretsOf(grants).map(({ own, id }) => ({ secret: secrets.get(id)!, file: own.from })),
    ...Object.entries(named[1].secrets ?? {}).map(([file, id]) => ({ secret: secrets.get(id)!, file })),
  ];
}

/** Secrets that are made for one application, each with what it is called. */
export const ownSecretsOf = (grants: readonly Grant[]): { own: OwnSecret; id: string }[] =>
  grants.flatMap(({ ownSecrets = [] }) =>
    ownSecrets.map((own) => ({ own, id: `${own.from}_${own.application.replaceAll('-', '_')}` })),
  );
