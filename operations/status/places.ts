import type { Service, SwarmNode, Task } from '../docker/answers';
import { fulfils } from '../place/constraints';
import { nameOf } from '../place/judge';

/** Services that no node takes as it is labelled now: they stop, or do not start again. */
export function placesInWords(
  services: readonly Service[],
  nodes: readonly SwarmNode[],
  tasks: readonly Task[],
): string[] {
  return services.flatMap(({ ID, Spec }) => {
    const constraints = Spec.TaskTemplate.Placement?.Constraints ?? [];
    const unmet = constraints.filter((constraint) => !nodes.some((node) => fulfils(node, [constraint])));
    const [first] = unmet;
    if (first === undefined) return [];
    const last = nodes.find(({ ID: node }) =>
      tasks.some(({ ServiceID, NodeID, Status }) => {
        return ServiceID === ID && NodeID === node && Status.ContainerStatus?.ContainerID;
      }),
    );
    const [, label, value] = /^node\.labels\.(.+?)\s*==\s*(.+)$/.exec(first) ?? [];
    const fix = label
      ? `: docker node update --label-add ${label}=${value} ${last ? nameOf(last) : '<the node that has its data>'}`
      : '';
    return [`${Spec.Name} finds no node, none fulfils ${unmet.join(' and ')}${fix}`];
  });
}
