import type { DeploySettings } from '../../../contract/deploy-settings';
import type { Service } from '../../docker/answers';
import type { ProvidedPair } from '../../preflight/certificate';
import type { DeclaredService } from '../../stack/synthesized';
import { actionOf, changesOf, type PlanDocument, type ResourceChange } from '../../terraform/document';
import { migrationsOf } from '../steps/migrations';
import { provisioningOf } from '../steps/provisioning';
import { resumptionsOf } from '../steps/resumptions';
import { certificatesOf } from './certificates';
import type { ReadablePlan, ServiceChange } from './model';
import { needsOf } from './needs';
import { objectChanges } from './object-changes';
import { givesUpPorts, portRefusals, withPortMoves } from './ports';
import { runningRoutes } from './routes';
import { serviceChange } from './service-change';
import { viewOf } from './service-view';

export interface ReadContext {
  readonly settings: DeploySettings;
  readonly services: readonly (Pick<DeclaredService, 'id' | 'wave'> &
    Partial<Pick<DeclaredService, 'name'>>)[];
  /** @default none: nginx serves what Terraform makes */
  readonly provided?: Pick<ProvidedPair, 'certificate'> | undefined;
  readonly now: Date;
  /** What runs. @default all as the provider writes it */
  readonly running?: readonly Pick<Service, 'Spec' | 'UpdateStatus'>[];
}

/** `terraform show -json <plan>` in the words of Swarm. */
export function readPlan(document: PlanDocument, context: ReadContext): ReadablePlan {
  const changes = changesOf(document);
  const drifts = document.resource_drift ?? [];
  const { stateful = [], background = [], whoWaits = {} } = context.settings;
  const alone = changes
    .filter(({ type, deposed }) => type === 'docker_service' && !deposed)
    .map((resource) =>
      serviceChange(
        resource,
        drifts.find(
          ({ type, name, index }) =>
            type === resource.type && name === resource.name && index === resource.index,
        ),
        {
          stateful: stateful.includes(resource.name) || hadData(resource),
          background: background.includes(resource.name),
          whoWaits: whoWaits[resource.name],
          present: context.running?.find(({ Spec }) => Spec.Name === resource.change.after?.name)?.Spec
            .TaskTemplate,
        },
      ),
    );
  const services = withPortMoves(alone, changes);
  const gone = new Set(drifts.filter((one) => actionOf(one) === 'destroy').map(({ address }) => address));
  const objects = objectChanges(changes, gone);
  const routes = runningRoutes(document);
  return {
    services,
    objects,
    others: counted(changes),
    steps: changes.filter(({ type, change }) => type === 'null_resource' && change.actions.includes('create'))
      .length,
    provisioning: [
      ...provisioningOf(changes, context.settings.schemas),
      ...migrationsOf(changes, context.settings.migrations),
      ...resumptionsOf(changes, context.services, context.running),
    ],
    certificates: certificatesOf(document, context.provided, context.now),
    acknowledgedRules: document.planned_values?.outputs?.acknowledged_rules?.value ?? [],
    needs: needsOf(services, objects),
    refusals: [...refusals(services, routes), ...portRefusals(services, context.services)],
    totals: totals(services, context),
  };
}

/** One that is removed is in no catalogue: it had a volume, and Swarm was to leave a failed update to people. */
const hadData = (resource: ResourceChange): boolean =>
  actionOf(resource) === 'destroy' &&
  resource.change.before?.update_config?.[0]?.failure_action === 'pause' &&
  viewOf(resource.change.before).volumes.length > 0;

/** What Swarm would not do, and a service that is removed with its route: Terraform destroys it before nginx has forgotten it. */
function refusals(services: readonly ServiceChange[], routes: ReadonlyMap<string, string>): string[] {
  const removed = services.filter(({ action }) => action === 'destroy').map(({ service }) => service);
  return [
    ...services.flatMap(({ service, refused }) => (refused ? [`${service}: ${refused}`] : [])),
    ...removed
      .map((service) => ({ service, ingress: routes.get(service) }))
      .filter(({ ingress }) => ingress !== undefined && !removed.includes(ingress))
      .map(
        ({ service, ingress }) =>
          `${service} is removed while ${ingress} still routes to it: take its routes out first, deploy, then remove it`,
      ),
  ];
}

/** What the catalogue does not know any more goes beside all waves. */
const NO_WAVE = -1;

function totals(
  services: readonly ServiceChange[],
  { settings, services: declared }: ReadContext,
): ReadablePlan['totals'] {
  const count = (test: (change: ServiceChange) => boolean) => services.filter(test).length;
  const waves = new Map<number, number>();
  for (const change of services) {
    const { service, seconds, restarts, adds } = change;
    const wave = declared.find(({ id }) => id === service)?.wave ?? NO_WAVE;
    // What gives up a port is watched no longer than the port can wait.
    const watched = (restarts || adds) && !givesUpPorts(change);
    const all = seconds + (watched ? (settings.observeSeconds?.[service] ?? 0) : 0);
    waves.set(wave, Math.max(waves.get(wave) ?? 0, all));
  }
  return {
    rolled: count(({ action, restarts, downtime }) => action === 'update' && restarts && !downtime),
    restarted: count(({ action, downtime }) => action === 'update' && downtime),
    inPlace: count(({ action, restarts }) => action === 'update' && !restarts),
    created: count(({ action }) => action === 'create'),
    replaced: count(({ action }) => action === 'replace'),
    removed: count(({ action }) => action === 'destroy'),
    seconds: [...waves.values()].reduce((sum, wave) => sum + wave, 0),
  };
}

const COUNTED = {
  create: 'created',
  update: 'updated',
  replace: 'replaced',
  destroy: 'destroyed',
  import: 'imported',
  forget: 'forgotten',
} as const;

function counted(changes: readonly ResourceChange[]): string[] {
  const counts = new Map<string, Map<string, number>>();
  for (const change of changes) {
    if (change.type === 'docker_service' || change.type === 'null_resource') continue;
    const word = COUNTED[actionOf(change) ?? 'update'];
    const ofType = counts.get(change.type) ?? new Map<string, number>();
    counts.set(change.type, ofType.set(word, (ofType.get(word) ?? 0) + 1));
  }
  return [...counts].map(
    ([type, ofType]) => `${type}: ${[...ofType].map(([word, count]) => `${count} ${word}`).join(', ')}`,
  );
}
