import { nodeId } from '../scenario/behaviour';
import type { Fault } from '../scenario/ingredients';
import { SERVICE } from '../scenario/spec';
import { somebodyElse } from '../world/somebody-else';
import type { World } from '../world/world';

/** Has happen what a scenario says beside the programs and the line: on nodes, among managers, by somebody else. */
export function schedule(
  world: World,
  { ingredients }: { readonly ingredients: readonly { readonly kind: string }[] },
): void {
  for (const one of ingredients) {
    const fault = one as Fault;
    const work = workOf(world, fault);
    if (work && 'at' in fault) world.agenda.after(fault.at, work);
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
      return () => somebodyElse(world, SERVICE, one.what);
    default:
      return undefined;
  }
}
