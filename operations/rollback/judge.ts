import type { Service, ServiceSpec } from '../docker/answers';
import { replicasOf } from '../docker/snapshot';
import { sameSpec } from '../docker/standing';
import { inWords } from './in-words';

/** A service that Swarm can put back, and what it would run then. */
export interface Candidate {
  /** As in Swarm. */
  readonly name: string;
  /** What it runs, and what it would run then: image, and what else differs. */
  readonly from: string;
  readonly to: string;
  /** What comes back. */
  readonly previous: ServiceSpec;
}

export interface Judgement {
  readonly candidates: readonly Candidate[];
  /** Two lines each: what stands in the way, what to do. One is enough to touch nothing. */
  readonly refusals: readonly string[];
}

/** What the Swarm has. */
export interface Found {
  /** Those of the stack. */
  readonly services: readonly Service[];
  /** Ids of the secrets and configs that exist. */
  readonly objects: ReadonlySet<string>;
}

/**
 * Which of these services an emergency rollback may touch. Swarm keeps one older specification, which every update
 * overwrites: what would come back is looked at before anything is done.
 *
 * @param names of the catalogue, without the stack's name
 */
export function judge(stack: string, names: readonly string[], { services, objects }: Found): Judgement {
  const candidates: Candidate[] = [];
  const refusals: string[] = [];
  for (const name of new Set(names)) {
    const service = services.find(({ Spec }) => Spec.Name === `${stack}_${name}`);
    const why = service ? obstacle(name, service, objects) : noSuch(stack, name, services);
    if (why) refusals.push(why);
    else {
      const previous = service!.PreviousSpec!;
      candidates.push({ name: `${stack}_${name}`, previous, ...inWords(service!.Spec, previous) });
    }
  }
  return { candidates, refusals };
}

const GO_BACK =
  'go back to a release: ./proctor rollback --to previous; or deploy the older commit (the workflow "rollback" takes either)';

function obstacle(name: string, service: Service, objects: ReadonlySet<string>): string | undefined {
  if (service.Spec.UpdateConfig?.FailureAction === 'pause') {
    return `${name} has data, which may have moved on\n  ${GO_BACK}`;
  }
  const { PreviousSpec: previous } = service;
  if (!previous)
    return `${name} has no older specification: it is new, or Swarm rolled it back already\n  ${GO_BACK}`;
  if (replicasOf(previous) === 0 && replicasOf(service.Spec) !== 0) {
    return `${name} had 0 replicas before its last update, and would have none again\n  ${GO_BACK}`;
  }
  if (sameSpec(previous.TaskTemplate, service.Spec.TaskTemplate)) {
    return `${name} would run the same as now: its last update changed no task, or nothing at all\n  ${GO_BACK}`;
  }
  const { Secrets = [], Configs = [] } = previous.TaskTemplate.ContainerSpec ?? {};
  const gone = [
    ...Secrets.filter(({ SecretID }) => !objects.has(SecretID)).map((one) => one.SecretName ?? one.SecretID),
    ...Configs.filter(({ ConfigID }) => !objects.has(ConfigID)).map((one) => one.ConfigName ?? one.ConfigID),
  ];
  return gone.length > 0
    ? `${name} could not start again as it was: ${gone.join(', ')} went with the good deploy after it\n  ${GO_BACK}`
    : undefined;
}

function noSuch(stack: string, name: string, services: readonly Service[]): string {
  const known = services.map(({ Spec }) => (Spec.Name ?? '').replace(`${stack}_`, '')).sort();
  return `there is no service ${JSON.stringify(name)} in the stack ${stack}\n  choose from: ${known.join(', ') || 'none'}`;
}
