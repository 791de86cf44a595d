import { placeLabel } from '../../constructs/units/place-label';
import type { Service, SwarmNode, Task } from '../docker/answers';
import { fulfils } from '../place/constraints';
import type { Identity } from '../place/identity';
import { isElsewhere, judgePlace, nameOf } from '../place/judge';
import { lastPlace } from '../place/look';
import type { Marker } from '../place/marker';
import type { Answers } from './gather';

type Seen = Pick<Answers, 'services' | 'nodes' | 'tasks' | 'markers' | 'identities'>;

/** Services that no node takes as it is labelled now, and those that may start, or run, where their data is not. */
export function placesInWords(
  { services, nodes, tasks, markers, identities }: Seen,
  stack: string,
): string[] {
  return services.flatMap((service) => {
    const own = tasks.filter(({ ServiceID }) => ServiceID === service.ID);
    const lost = withoutNode(service, nodes, own);
    const name = service.Spec.Name ?? '';
    const [marker, identity = 'unknown'] = [markers?.get(name), identities?.get(name)];
    return lost ? [lost] : marker ? dataInWords(service, { nodes, tasks: own, marker, identity, stack }) : [];
  });
}

/** A database without its rows is healthy, and not well. @param tasks its own */
export function withoutData(
  { Spec: { Name = '' } }: Service,
  tasks: readonly Task[],
  { markers, identities }: Pick<Answers, 'markers' | 'identities'>,
): string | undefined {
  const ran = lastPlace(tasks);
  if (isElsewhere(ran, markers?.get(Name))) return 'it runs where its data is not';
  return ran?.now && identities?.get(Name) === 'another' ? 'it runs on other data than before' : undefined;
}

function withoutNode(
  { Spec }: Service,
  nodes: readonly SwarmNode[],
  tasks: readonly Task[],
): string | undefined {
  const constraints = Spec.TaskTemplate.Placement?.Constraints ?? [];
  const unmet = constraints.filter((constraint) => !nodes.some((node) => fulfils(node, [constraint])));
  const [first] = unmet;
  if (first === undefined) return undefined;
  const last = nodes.find(({ ID: node }) =>
    tasks.some(({ NodeID, Status }) => NodeID === node && Status.ContainerStatus?.ContainerID),
  );
  const [, label, value] = /^node\.labels\.(.+?)\s*==\s*(.+)$/.exec(first) ?? [];
  const fix = label
    ? `: docker node update --label-add ${label}=${value} ${last ? nameOf(last) : '<the node that has its data>'}`
    : '';
  return `${Spec.Name} finds no node, none fulfils ${unmet.join(' and ')}${fix}`;
}

function dataInWords(
  { Spec }: Service,
  {
    nodes,
    tasks,
    marker,
    identity,
    stack,
  }: {
    readonly nodes: readonly SwarmNode[];
    readonly tasks: readonly Task[];
    readonly marker: Marker;
    readonly identity: Identity;
    readonly stack: string;
  },
): string[] {
  const service = Spec.Name ?? '';
  const id = service.slice(stack.length + 1);
  const constraints = Spec.TaskTemplate.Placement?.Constraints ?? [];
  const { problems } = judgePlace(
    { id, service, volumes: [], constraints, label: placeLabel(stack, id) },
    { nodes, here: '', ran: lastPlace(tasks), marker, identity, volumes: new Map(), inForce: constraints },
  );
  return problems.map(({ text, fix }) => `${text}; ${fix}`);
}
