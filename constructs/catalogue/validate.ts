import { applicationsOf } from './applications';
import { nameErrors } from './names';
import { secretErrors } from './secrets';
import type { PlatformSpec } from './spec/platform';

/** Facts across the catalogue that types cannot see. Throws with all of them at once. */
export function validateCatalogue(spec: PlatformSpec): void {
  const errors = nameErrors(spec);
  const routes = new Map<string, string>();
  for (const { path, service } of spec.nginx.routes) {
    const first = routes.get(path);
    if (first !== undefined) {
      errors.push(
        `two services on one route: ${path} leads to ${first} and to ${service}\n  remove one of the two`,
      );
    }
    routes.set(path, service);
  }
  for (const [id, { launcher, backends = {}, settings, secrets, variables, urls }] of applicationsOf(spec)) {
    const given = Object.entries({ settings, variables, urls, ...backends }).filter(
      ([, value]) => value !== undefined,
    );
    if (launcher === false && given.length > 0) {
      errors.push(
        `${id} has no launcher, which would set ${given.map(([name]) => name).join(', ')}\n  remove them, or launcher: false`,
      );
    }
    for (const file of doubles([
      ...Object.keys(secrets ?? {}),
      ...(backends.mariadb ? [spec.mariadb.password] : []),
    ])) {
      errors.push(
        `${id} has two secrets with the name ${file} under /run/secrets\n  call the variable in its secrets otherwise`,
      );
    }
    const set = [
      ...[settings, secrets, variables, urls].flatMap((part) => Object.keys(part ?? {})),
      ...(backends.mariadb ? ['DATABASE_URL'] : []),
      ...(backends.kafka ? ['KAFKA_BOOTSTRAP_SERVERS'] : []),
    ];
    for (const name of doubles(set)) {
      errors.push(
        `${id} sets ${name} twice\n  keep it in one of settings, secrets, variables and urls; backends set DATABASE_URL and KAFKA_BOOTSTRAP_SERVERS`,
      );
    }
  }
  errors.push(...secretErrors(spec));
  if (spec.nginx.edge === false) {
    for (const [id, { services = {} }] of Object.entries(spec.environments)) {
      if ('edge' in services)
        errors.push(
          `environment "${id}" says something of edge, but there is none\n  remove it, or set nginx.edge`,
        );
    }
  }
  if (errors.length > 0) throw new Error(errors.join('\n'));
}

const doubles = (names: readonly string[]): Set<string> =>
  new Set(names.filter((name, index) => names.indexOf(name) !== index));
