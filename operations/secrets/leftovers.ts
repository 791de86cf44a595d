import type { Service } from '../docker/answers';
import type { DockerClient } from '../docker/client';

/** A secret or config that the plan creates. */
export interface PlannedObject {
  readonly kind: 'secret' | 'config';
  readonly name: string;
}

// biome-ignore lint/suspicious/noExplicitAny: a document that another program wrote
type Json = any;

/** From `terraform show -json <plan>`. */
export function readPlannedObjects(plan: Json): PlannedObject[] {
  return (plan.resource_changes ?? []).flatMap(({ type, change }: Json): PlannedObject[] => {
    const kind = type === 'docker_secret' ? 'secret' : type === 'docker_config' ? 'config' : undefined;
    const name = change?.actions?.includes('create') ? change.after?.name : undefined;
    return kind && typeof name === 'string' ? [{ kind, name }] : [];
  });
}

/** One that is in the Swarm already, although the plan creates it. */
export interface Leftover extends PlannedObject {
  readonly id: string;
  /** Services that use it. */
  readonly users: readonly string[];
}

/**
 * Objects that Terraform would stop at ("already exists"): a deploy that was killed had made them and not yet written
 * them to the state, or a cut connection hid them from this plan.
 */
export async function findLeftovers(
  docker: Pick<DockerClient, 'secrets' | 'configs' | 'services' | 'jobs'>,
  planned: readonly PlannedObject[],
): Promise<Leftover[]> {
  if (planned.length === 0) return [];
  const [secrets, configs, services, jobs] = await Promise.all([
    docker.secrets(),
    docker.configs({ name: planned.map(({ name }) => name) }),
    docker.services(),
    docker.jobs(),
  ]);
  return planned.flatMap(({ kind, name }) => {
    const found = (kind === 'secret' ? secrets : configs).find(({ Spec }) => Spec?.Name === name);
    if (!found) return [];
    const users = [...services, ...jobs]
      .filter((service) => uses(service, name))
      .map(({ Spec }) => Spec.Name ?? '?');
    return [{ kind, name, id: found.ID, users }];
  });
}

/** Removes those that no service uses. @returns those that stay */
export async function removeUnused(
  docker: Pick<DockerClient, 'removeSecret' | 'removeConfig'>,
  leftovers: readonly Leftover[],
  say: (line: string) => void,
): Promise<Leftover[]> {
  const stay: Leftover[] = [];
  for (const leftover of leftovers) {
    if (leftover.users.length > 0) {
      stay.push(leftover);
      continue;
    }
    const { kind, id, name } = leftover;
    await (kind === 'secret' ? docker.removeSecret(id) : docker.removeConfig(id));
    say(`removed the ${kind} ${name}, which an interrupted deploy left and no service uses`);
  }
  return stay;
}

/** An older specification counts: it is what a rollback needs. */
function uses({ Spec, PreviousSpec }: Service, name: string): boolean {
  return [Spec, PreviousSpec].some((spec) => {
    const { Secrets, Configs } = spec?.TaskTemplate.ContainerSpec ?? {};
    return (
      Secrets?.some(({ SecretName }) => SecretName === name) ||
      Configs?.some(({ ConfigName }) => ConfigName === name)
    );
  });
}
