import { SCRIPT_FILES } from '../../contract/backup';
import { BACKUP } from '../units/backup';
import { applicationsOf } from './applications';
import { speaksOfBackups } from './backup';
import type { PlatformSpec } from './spec/platform';
import type { ApplicationOverride } from './spec/service';

/** A name is a DNS label, and also part of a Terraform address. */
const NAME = /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/;
/** What stands before others, which Swarm takes with a - at its end, too. */
const FIRST_NAME = /^[a-z][a-z0-9-]{0,39}$/;
const NAME_RULE =
  'lower-case letters, digits and -, a letter first and no - last, 40 characters at most\n  rename it';

/** Ids of the platform's own objects: what a catalogue names stands beside them in one stack. */
const OWN =
  /^(nginx|edge|certbot|launcher|deployed|docker|null|tls|backend|acknowledged_rules|(certbot|tls|file)_.*|.*_(conf|rollout))$/;

/** A backend's steps and configs, behind its key and `_`. */
const OWN_OF_BACKEND = ['prepare', 'finish', 'init', 'properties', 'health', 'place', 'data'];

/** The id of the network on which backends are, where there are two. No service, environment or platform can have this name. */
export const BACK_NETWORK = 'back_network';

/** Where there are backups: their service and its configs. */
const OWN_OF_BACKUPS = [
  BACKUP,
  ...['schedule.sh', 'known_hosts', ...SCRIPT_FILES].map((file) => `${BACKUP}_${file.replace(/\.sh$/, '')}`),
];

/** What Terraform keeps for itself among the names of variables. */
const TERRAFORMS = [
  'source',
  'version',
  'providers',
  'count',
  'for_each',
  'lifecycle',
  'depends_on',
  'locals',
];

type Named = readonly [kind: string, name: string];

/** What is wrong with the names in a catalogue: each by itself, and two of them beside each other. */
export function nameErrors(spec: PlatformSpec): string[] {
  const services = applicationsOf(spec).map(([name]): Named => ['service', name]);
  const jobs = Object.keys(spec.jobs ?? {}).map((name): Named => ['job', name]);
  const environments = Object.entries(spec.environments).flatMap(([id, { name }]): Named[] => [
    ['environment', id],
    ...(name === undefined ? [] : [[`environment ${id}'s name`, name] as const]),
  ]);
  const platform: Named = ["platform's name", spec.name];
  const backends = Object.keys(spec.backends ?? {}).map((name): Named => ['backend', name]);
  return [
    ...[
      ...[platform, ...backends, ...services, ...jobs].filter(([, name]) => !NAME.test(name)),
      ...environments.filter(([, name]) => !FIRST_NAME.test(name)),
    ].map(([kind, name]) => `the ${kind} "${name}": ${NAME_RULE}`),
    ...[...backends, ...services, ...jobs]
      .filter(([, name]) => name === 'host')
      .map(
        ([kind]) =>
          `the ${kind} "host" has the name by which the server itself is acknowledged\n  give it another name`,
      ),
    ...inputsOf(spec)
      .filter(([, name]) => !/^[a-z][a-z0-9_]*$/.test(name) || TERRAFORMS.includes(name))
      .map(
        ([kind, name]) =>
          `the ${kind} "${name}" cannot be the Terraform variable TF_VAR_${name}\n  use lower-case letters, digits and _, and none of Terraform's own words`,
      ),
    ...collisions([platform, ...backends, ...services, ...jobs, ...inputsOf(spec)], spec),
  ];
}

/** What is given as TF_VAR_<name>. */
const inputsOf = (spec: PlatformSpec): Named[] => [
  ...Object.keys(spec.secrets).map((name): Named => ['secret', name]),
  ...Object.keys(spec.variables).map((name): Named => ['variable', name]),
  ...(spec.registries ?? []).flatMap(({ address, username, password }) =>
    [username, password].map((name): Named => [`login of ${address}`, name]),
  ),
];

/** The network (called as the platform), backends, services, secrets and variables are ids of one stack. */
function collisions(names: readonly Named[], spec: PlatformSpec): string[] {
  const belongs = (name: string, ids: readonly string[], own: readonly string[]) =>
    ids.some((id) => own.some((part) => name === `${id}_${part}`));
  const trusting = applicationsOf(spec).flatMap(([id, { caFile }]) =>
    caFile !== undefined || overridden(spec, id).some((override) => override.caFile) ? [id] : [],
  );
  const migrating = applicationsOf(spec).flatMap(([id, { migrate }]) => (migrate ? [id] : []));
  const isOwn = (name: string) =>
    OWN.test(name) ||
    belongs(name, Object.keys(spec.backends ?? {}), OWN_OF_BACKEND) ||
    belongs(name, trusting, ['ca']) ||
    belongs(name, migrating, ['migrate']) ||
    belongs(name, Object.keys(spec.jobs ?? {}), ['schedule']) ||
    (speaksOfBackups(spec) && OWN_OF_BACKUPS.includes(name)) ||
    (name === BACK_NETWORK && Object.values(spec.environments).some(({ networks }) => networks?.separate));
  const seen = new Map<string, string>();
  return names.flatMap(([kind, name]) => {
    const first = seen.get(name);
    seen.set(name, kind);
    if (isOwn(name)) {
      return [
        `the ${kind} "${name}" is the name of one of the platform's own objects\n  give it another name`,
      ];
    }
    return first ? [`"${name}" names two things, the ${first} and the ${kind}\n  rename one of them`] : [];
  });
}

/** What environments say of a service. */
const overridden = (spec: PlatformSpec, id: string): ApplicationOverride[] =>
  Object.values(spec.environments).flatMap(({ services = {} }) =>
    id in services ? [(services as Record<string, ApplicationOverride>)[id]!] : [],
  );
