import type { DeploySettings } from '../../contract/deploy-settings';
import type { Expressed } from '../../contract/expressed';
import type { JobSettings } from '../../contract/job';
import { applicationsOf, type Named } from '../catalogue/applications';
import type { MigrateSpec } from '../catalogue/spec/application';
import type { PlatformSpec } from '../catalogue/spec/platform';
import { type IConstruct, literal, Step, type SwarmService } from '../swarm';
import { Duration } from '../units';
import { planOf } from './gate';
import { type Site, sized } from './site';

const TIMEOUT = Duration.minutes(10);

/**
 * `<service>_migrate`, for each application that has one: one task of the version that comes, with a command of its own. All of
 * them before the first wave: one that fails keeps every application as it is.
 *
 * @param serviceOf the one that is declared after it
 */
export const migrationSteps = (
  site: Site,
  serviceOf: (id: string) => SwarmService,
  after: readonly IConstruct[],
): Step[] =>
  applicationsOf(site.spec).flatMap(([id, application]) =>
    application.migrate
      ? [migrationStep(site, [id, application], application.migrate, () => serviceOf(id), after)]
      : [],
  );

function migrationStep(
  site: Site,
  [id, application]: Named,
  { command, timeout = TIMEOUT }: MigrateSpec,
  service: () => SwarmService,
  after: readonly IConstruct[],
): Step {
  const { stack, spec } = site;
  const words = command.map(literal);
  const settings = (): Expressed<JobSettings> => ({
    host: stack.connection.url,
    sshOptions: stack.connection.sshOptions,
    kind: 'migrate',
    service: service().serviceName,
    namespace: stack.namespace,
    planned: planOf(service()),
    command: words,
    timeoutSeconds: timeout.toSeconds(),
    registries: (spec.registries ?? []).map(({ address, username, password }) => ({
      address,
      username,
      password,
    })),
  });
  return new Step(stack, nameOf(id), {
    script: site.scripts.job,
    input: { variable: 'JOB', value: settings },
    triggers: { image: stack.pullName(sized(site, id, application).image), command: JSON.stringify(words) },
    after,
  });
}

const nameOf = (id: string): string => `${id}_migrate`;

/** For the plan; absent where there is none. */
export function describeMigrations(spec: PlatformSpec): Pick<DeploySettings, 'migrations'> {
  const steps = applicationsOf(spec).flatMap(([id, { migrate }]) =>
    migrate ? [[nameOf(id), { service: id, command: [...migrate.command] }] as const] : [],
  );
  return steps.length > 0 ? { migrations: Object.fromEntries(steps) } : {};
}
