import type { DockerClient } from '../docker/client';
import { actionOf, type PlanDocument } from '../terraform/document';
import { terraformName } from '../terraform/program';

/** What the plan takes for removed by hand. */
export interface ForgottenObject {
  readonly kind: 'secret' | 'config' | 'network';
  readonly name: string;
  readonly id: string;
}

const KINDS: Readonly<Record<string, ForgottenObject['kind']>> = {
  docker_secret: 'secret',
  docker_config: 'config',
  docker_network: 'network',
};

/**
 * Objects of the state that are gone, as far as the provider has seen: it takes any read that fails for that, a
 * connection that broke or a Swarm without a leader included. It would then make a name that is taken, with half of a
 * deploy done, and never remove the older one; for a network it would replace every service.
 */
export const readForgotten = ({ resource_drift = [] }: PlanDocument): ForgottenObject[] =>
  resource_drift.flatMap((drift): ForgottenObject[] => {
    const kind = KINDS[drift.type];
    const { id, name } = drift.change.before ?? {};
    if (!kind || actionOf(drift) !== 'destroy' || typeof id !== 'string') return [];
    return [{ kind, id, name: typeof name === 'string' ? name : id }];
  });

/** Those that the server has all the same. */
export async function findHidden(
  docker: Pick<DockerClient, 'secrets' | 'configs' | 'networks'>,
  forgotten: readonly ForgottenObject[],
): Promise<ForgottenObject[]> {
  const kinds = new Set(forgotten.map(({ kind }) => kind));
  const there = new Set([
    ...(kinds.has('secret') ? await docker.secrets() : []).map(({ ID }) => ID),
    ...(kinds.has('config') ? await docker.configs({ id: forgotten.map(({ id }) => id) }) : []).map(
      ({ ID }) => ID,
    ),
    ...(kinds.has('network') ? await docker.networks() : []).map(({ Id }) => Id),
  ]);
  return forgotten.filter(({ id }) => there.has(id));
}

/** @throws where there is one, before anything is done about it */
export function refuseHidden(hidden: readonly ForgottenObject[]): void {
  if (hidden.length === 0) return;
  const names = hidden.map(({ kind, name }) => `the ${kind} ${name}`).join(', ');
  throw new Error(
    `${terraformName()} could not read what is on the server and would forget it: ${names}; nothing was changed\n  run it again; if it stays so, look at the server: docker node ls, journalctl -u docker -n 50`,
  );
}
