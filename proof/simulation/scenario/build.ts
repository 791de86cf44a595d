import { World, type WorldOptions } from '../world/world';
import { Behaviour, nodeId } from './behaviour';
import { all, of, type Scenario } from './ingredients';
import { CPU, IMAGES, oldSpec, SERVICE } from './spec';

/** Nobody waits so long for what was before. */
const SETTLE_MS = 90_000;

/** The cluster with the service as it was, at the moment before the deploy. */
export function before(scenario: Scenario): { world: World; deployAt: number } {
  const faults = new Behaviour(scenario);
  const count = of(scenario, 'nodes')?.count ?? 1;
  const clocks = all(scenario.ingredients, 'workerClock');
  const world = new World({
    seed: scenario.seed,
    historyLimit: of(scenario, 'history')?.limit ?? 5,
    nodes: nodesOf(count, (node) => clocks.find((one) => one.node === node)?.ms ?? 0),
    surroundings: faults,
  });
  faults.now = () => world.agenda.now;
  for (const agent of world.agents.values()) agent.has(IMAGES.old);
  if (of(scenario, 'deploy')?.what !== 'create') {
    world.control.create(oldSpec(scenario));
    world.agenda.runUntil(SETTLE_MS);
    if (of(scenario, 'earlier')) earlier(world);
  }
  faults.deployAt = world.agenda.now;
  return { world, deployAt: world.agenda.now };
}

/** A cluster of so many nodes, the first of them its manager. @param clock of the node with that number, in milliseconds */
export const nodesOf = (count: number, clock: (node: number) => number = () => 0): WorldOptions['nodes'] =>
  Array.from({ length: count }, (_, at) => ({
    id: nodeId(at + 1),
    hostname: nodeId(at + 1),
    role: at === 0 ? 'manager' : 'worker',
    availability: 'active',
    state: 'ready',
    nanoCpus: 8 * CPU,
    memoryBytes: 8e9,
    architecture: 'amd64',
    labels: {},
    clock: clock(at + 1),
  }));

/** A deploy that failed, with all that came of it. */
function earlier({ control, agenda }: World): void {
  const { id, version, spec } = control.find(SERVICE)!;
  const { TaskTemplate } = spec;
  const ContainerSpec = { ...TaskTemplate.ContainerSpec, Image: IMAGES.bad };
  control.update(id, version, { ...spec, TaskTemplate: { ...TaskTemplate, ContainerSpec } });
  agenda.runUntil(agenda.now + SETTLE_MS);
}
