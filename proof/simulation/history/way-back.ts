import { restore } from '../../../operations/deploy/put-back';
import type { Standing } from '../../../operations/docker/standing';
import type { SwarmClient } from '../../../operations/docker/swarm-client';
import { judge } from '../../../operations/rollback/judge';
import { watchReturn } from '../../../operations/rollback/watch-return';
import { currentPlan, currentTimings } from '../../../operations/rollout/current-spec';
import { limitsOf } from '../../../operations/rollout/deadline';
import { of } from '../scenario/ingredients';
import { SERVICE } from '../scenario/spec';
import type { ServiceRecord, Spec } from '../swarm/records';
import { ended, type Played } from './played';

/** What is done after the verdict, with the product's own hands, and what is said of that. */
export async function wayBack(
  first: Played,
  swarm: SwarmClient,
  was: ServiceRecord | undefined,
): Promise<Played | undefined> {
  const what = of(first.scenario, 'then')?.what;
  if (!what || !first.result) return undefined;
  return what === 'putBack' ? putBack(first, swarm, was) : rollBack(first, swarm);
}

/** As `operations/deploy/put-back.ts` does it for one service. */
async function putBack(
  first: Played,
  swarm: SwarmClient,
  was: ServiceRecord | undefined,
): Promise<Played | undefined> {
  // What is new with the deploy, or was replaced, stays.
  if (!was || !first.world.store.services.has(was.id)) return undefined;
  const standing: Standing = {
    id: was.id,
    name: SERVICE,
    version: was.version,
    spec: was.spec,
    running: new Map(),
  };
  return act(first, swarm, was.spec, () => restore(swarm, standing));
}

/** As `operations/rollback/main.ts` does it. */
async function rollBack(first: Played, swarm: SwarmClient): Promise<Played | undefined> {
  const { objects } = first.world;
  try {
    const services = await swarm.docker.services({ label: ['com.docker.stack.namespace=stack'] });
    const named = services.map((one) => ({ ...one, Spec: { ...one.Spec, Name: `stack_${one.Spec.Name}` } }));
    const { candidates } = judge('stack', [SERVICE], { services: named, objects });
    const previous = candidates[0]?.previous as Spec | undefined;
    return previous && (await act(first, swarm, previous, () => swarm.rollBack(SERVICE, services[0]!)));
  } catch {
    // It could not even look.
    return undefined;
  }
}

async function act(
  first: Played,
  swarm: SwarmClient,
  older: Spec,
  ask: () => Promise<void>,
): Promise<Played | undefined> {
  const { world } = first;
  const plan = currentPlan({ Spec: older });
  const index = world.store.index;
  const facts = {
    ...first,
    deployAt: world.agenda.now,
    planned: older,
    returns: true,
    result: undefined,
    ...ended(world, first.docker),
    limits: limitsOf(currentTimings({ Spec: older }), plan.replicas),
  };
  const asked = world.asked.length;
  try {
    await ask();
  } catch (error) {
    // "could not be put back", with the error.
    return { ...facts, changes: false, said: [String(error)] };
  }
  const since = { ...facts, changes: world.store.index > index && world.asked.length > asked };
  try {
    const watchedFrom = world.agenda.now;
    first.docker.first = undefined;
    const result = await watchReturn(swarm, SERVICE, older, world.clock);
    return { ...since, ...ended(world, first.docker), watchedFrom, result };
  } catch (thrown) {
    return {
      ...since,
      ...ended(world, first.docker),
      watchedFrom: world.agenda.now,
      thrown,
    };
  }
}
