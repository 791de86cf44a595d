import { proxyErrors } from '../units';
import { applicationsOf, grantsOf } from './applications';
import { backupErrors } from './backup';
import { jobErrors, migrateErrors } from './jobs';
import { nameErrors } from './names';
import { placementErrors } from './placement';
import { routeErrors } from './routes';
import { secretErrors } from './secrets';
import type { Grant } from './spec/backend';
import type { PlatformSpec } from './spec/platform';
import { doubles, variableErrors, variablesOf } from './task-variables';
import { volumeErrors } from './volumes';

/** Facts across the catalogue that types cannot see. Throws with all of them at once. */
export function validateCatalogue(spec: PlatformSpec): void {
  const errors = [...nameErrors(spec), ...keptErrors(spec.keepReleases), ...routeErrors(spec)];
  for (const [id, application] of applicationsOf(spec)) {
    const { launcher, backends = {}, settings, secrets, variables, urls, environment } = application;
    const grants = grantsOf([id, application], spec);
    const given = Object.entries({ settings, variables, urls, ...backends }).filter(
      ([, value]) => value !== undefined,
    );
    if (launcher === false && given.length > 0) {
      errors.push(
        `${id} has no launcher, which would set ${given.map(([name]) => name).join(', ')}\n  remove them, or launcher: false`,
      );
    }
    const set = variablesOf(application, grants);
    if (launcher !== false) errors.push(...variableErrors(set).map((error) => `${id} ${error}`));
    errors.push(...migrateErrors(id, application.migrate));
    errors.push(...unknownBackends(id, Object.keys(backends), Object.keys(spec.backends ?? {})));
    for (const file of doubles([
      ...Object.keys(secrets ?? {}),
      ...new Set(grants.flatMap(({ secrets: granted = [] }) => granted)),
      ...grants.flatMap(({ ownSecrets = [] }) => ownSecrets.map(({ from }) => from)),
    ])) {
      errors.push(
        `${id} has two secrets with the name ${file} under /run/secrets\n  call the variable in its secrets otherwise`,
      );
    }
    const names = set.map((one) => one.name);
    // Without the launcher secrets are files.
    if (launcher !== false) names.push(...Object.keys(environment ?? {}));
    for (const name of doubles(names)) {
      errors.push(
        `${id} sets ${name} twice\n  keep it in one of settings, secrets, variables, urls and environment${granted(grants)}`,
      );
    }
  }
  errors.push(...secretErrors(spec), ...jobErrors(spec), ...backupErrors(spec));
  errors.push(...placementErrors(spec), ...volumeErrors(spec));
  for (const [id, { trustedProxies }] of Object.entries(spec.environments)) {
    if (trustedProxies) {
      errors.push(...proxyErrors(trustedProxies).map((error) => `environment "${id}": ${error}`));
    }
  }
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

/** What backends set, for who wonders where the second one comes from. */
function granted(grants: readonly Grant[]): string {
  const names = grants
    .flatMap(({ settings = [], urls = [] }) => [...settings, ...urls])
    .map(({ name }) => name);
  return names.length > 0 ? `; backends set ${[...new Set(names)].join(' and ')}` : '';
}

const unknownBackends = (id: string, used: readonly string[], known: readonly string[]): string[] =>
  used
    .filter((name) => !known.includes(name))
    .map(
      (name) =>
        `${id} names the backend ${name}, which is not in backends\n  name one of: ${known.join(', ') || 'none is declared'}`,
    );

/** Prune keeps the images of three; each release takes room in the raft log of every manager. */
function keptErrors(kept = 20): string[] {
  return Number.isInteger(kept) && kept >= 3 && kept <= 200
    ? []
    : [`keepReleases is ${kept}\n  write a whole number from 3 to 200`];
}
