import { nodeId, SERVICE } from '../scenario/build';
import type { Fault, Scenario } from '../scenario/ingredients';
import { isReplicated, replicasOf, type Spec } from '../swarm/records';
import type { World } from '../world/world';

/** Has happen what a scenario says beside the programs and the line: on nodes, among managers, by somebody else. */
export function schedule(world: World, { ingredients }: Scenario): void {
  for (const one of ingredients) {
    const work = workOf(world, one as Fault);
    if (work && 'at' in one) world.agenda.after(one.at, work);
  }
}

function workOf(world: World, one: Fault): (() => void) | undefined {
  switch (one.kind) {
    case 'leader':
      return () => world.changeLeader(one.ms, one.clock);
    case 'nodeCut':
      return () => world.cutNode(nodeId(one.node), one.ms);
    case 'engine':
      return () => world.restartEngine(nodeId(one.node), one.ms);
    case 'drain':
      return () => {
        world.setAvailability(nodeId(one.node), 'drain');
        world.agenda.after(one.ms, () => world.setAvailability(nodeId(one.node), 'active'));
      };
    case 'foreign':
      return () => foreign(world, one.what);
    default:
      return undefined;
  }
}

/** Somebody else at another terminal. */
function foreign({ control, manager, foreign: done, agenda }: World, what: string): void {
  const service = control.find(SERVICE);
  if (!service || !manager.leads) return;
  const { id, version, spec } = service;
  if (what === 'rollback' && !service.previousSpec) return;
  done.push({ at: agenda.now, what });
  if (what === 'remove') control.remove(id);
  else if (what === 'rollback') control.update(id, version, spec, true);
  else control.update(id, version, changed(spec, what));
}

function changed(spec: Spec, what: string): Spec {
  if (what === 'label') return { ...spec, Labels: { ...spec.Labels, note: 'by hand' } };
  if (what === 'scale' && isReplicated(spec)) {
    return { ...spec, Mode: { Replicated: { Replicas: replicasOf(spec) + 1 } } };
  }
  const { TaskTemplate } = spec;
  const ContainerSpec = { ...TaskTemplate.ContainerSpec, Env: ['MODE=hand'] };
  return { ...spec, TaskTemplate: { ...TaskTemplate, ContainerSpec } };
}
