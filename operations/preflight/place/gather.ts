import { placeLabel } from '../../../constructs/units/place-label';
import type { SwarmNode } from '../../docker/answers';
import type { DockerClient } from '../../docker/client';
import { lookForData, type Placed, type PlaceFacts } from '../../place/look';
import type { SynthesizedStack } from '../../stack/synthesized';

/** Where services may start, and where their data is. */
export interface Places {
  readonly nodes: readonly SwarmNode[];
  readonly stateful: readonly { readonly placed: Placed; readonly facts: PlaceFacts }[];
}

export async function gatherPlaces({
  docker,
  stack,
  nodes,
}: {
  readonly docker: DockerClient;
  readonly stack: Pick<SynthesizedStack, 'namespace' | 'services' | 'settings'>;
  readonly nodes: Promise<readonly SwarmNode[]>;
}): Promise<Places> {
  const { stateful = [] } = stack.settings;
  const found: { placed: Placed; facts: PlaceFacts }[] = [];
  for (const { id, name, volumes, constraints } of stack.services) {
    if (!stateful.includes(id)) continue;
    const placed = { id, service: name, volumes, constraints, label: placeLabel(stack.namespace, id) };
    found.push({ placed, facts: await lookForData(docker, placed) });
  }
  return { nodes: await nodes, stateful: found };
}
