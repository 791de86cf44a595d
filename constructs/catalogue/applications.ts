import { literal, type SecretMount, type SwarmSecret } from '../swarm';
import type { ApplicationSpec } from './spec/application';
import type { PlatformSpec } from './spec/platform';

export type Application = ApplicationSpec<string, string, string, string>;

export const applicationsOf = (spec: PlatformSpec): [string, Application][] =>
  Object.entries(spec.services as Record<string, Application>);

/** Environment variables that hold no secret, in a fixed order: what people wrote, then what follows from references. */
export function settingsOf(application: Application, spec: PlatformSpec): { name: string; value: string }[] {
  const services = spec.services as Record<string, Application>;
  const entries = [
    ...Object.entries(application.settings ?? {}).map(([name, value]) => ({ name, value: literal(value) })),
    ...(application.backends?.kafka ? [{ name: 'KAFKA_BOOTSTRAP_SERVERS', value: 'kafka:9092' }] : []),
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

/** `DATABASE_URL`, whose password the launcher fills in and URL-encodes inside the container. */
export function databaseUrlOf(
  application: Application,
  spec: PlatformSpec,
): { name: string; template: string }[] {
  const database = application.backends?.mariadb;
  if (!database) return [];
  const { user, password } = spec.mariadb;
  return [
    { name: 'DATABASE_URL', template: `mysql+pymysql://${user}:{${password}}@mariadb:3306/${database}` },
  ];
}

/** Each secret under the environment variable's name; the database's under its own, which the launcher looks for. */
export function secretMountsOf(
  application: Application,
  spec: PlatformSpec,
  secrets: ReadonlyMap<string, SwarmSecret>,
): SecretMount[] {
  return [
    ...(application.backends?.mariadb ? [{ secret: secrets.get(spec.mariadb.password)! }] : []),
    ...Object.entries(application.secrets ?? {}).map(([file, id]) => ({ secret: secrets.get(id)!, file })),
  ];
}
