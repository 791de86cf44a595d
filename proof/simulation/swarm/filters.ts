import { nodeMatches } from './dirty';
import { beyond, type NodeRecord, type TaskRecord } from './records';

/** manager/scheduler/nodeinfo.go: a node with the tasks that count on it. */
export interface NodeInfo {
  readonly node: NodeRecord;
  readonly tasks: TaskRecord[];
}

/** Whatever was assigned and has not ended holds its reservation and its ports, wanted or not. */
export const counts = (task: TaskRecord): boolean =>
  !beyond('assigned', task.status.state) && !beyond(task.status.state, 'running');

interface Filter {
  readonly applies: (task: TaskRecord) => boolean;
  readonly fits: (task: TaskRecord, info: NodeInfo) => boolean;
  readonly explain: (nodes: number) => string;
}

const on = (nodes: number): string => (nodes === 1 ? 'on 1 node' : `on ${nodes} nodes`);

const reserved = (task: TaskRecord) => task.template.Resources?.Reservations ?? {};
const hostPorts = (task: TaskRecord): number[] =>
  (task.endpoint?.Ports ?? []).flatMap(({ PublishMode, PublishedPort }) =>
    PublishMode === 'host' && PublishedPort ? [PublishedPort] : [],
  );

/** manager/scheduler/filter.go and pipeline.go, in the order of the pipeline. Plugins and cluster volumes are not modelled. */
const FILTERS: readonly Filter[] = [
  {
    applies: () => true,
    fits: (_, { node }) => node.state === 'ready' && node.availability === 'active',
    explain: (nodes) => `${nodes === 1 ? '1 node' : `${nodes} nodes`} not available for new tasks`,
  },
  {
    applies: (task) => Boolean(reserved(task).NanoCPUs || reserved(task).MemoryBytes),
    fits: (task, { node, tasks }) => {
      const { NanoCPUs = 0, MemoryBytes = 0 } = reserved(task);
      const sum = (key: 'NanoCPUs' | 'MemoryBytes') =>
        tasks.reduce((total, other) => total + (reserved(other)[key] ?? 0), 0);
      return (
        NanoCPUs <= node.nanoCpus - sum('NanoCPUs') && MemoryBytes <= node.memoryBytes - sum('MemoryBytes')
      );
    },
    explain: (nodes) => `insufficient resources ${on(nodes)}`,
  },
  {
    applies: (task) => (task.template.Placement?.Constraints ?? []).length > 0,
    fits: (task, { node }) => nodeMatches(task.template, node),
    explain: (nodes) => `scheduling constraints not satisfied ${on(nodes)}`,
  },
  {
    applies: (task) => (task.template.Placement?.Platforms ?? []).length > 0,
    fits: (task, { node }) =>
      task.template.Placement!.Platforms!.some(({ Architecture }) => Architecture === node.architecture),
    explain: (nodes) => `unsupported platform ${on(nodes)}`,
  },
  {
    applies: (task) => hostPorts(task).length > 0,
    fits: (task, { tasks }) => {
      const used = new Set(tasks.flatMap(hostPorts));
      return !hostPorts(task).some((port) => used.has(port));
    },
    explain: (nodes) => `host-mode port already in use ${on(nodes)}`,
  },
  {
    applies: (task) => Boolean(task.template.Placement?.MaxReplicas),
    fits: (task, { tasks }) =>
      tasks.filter((other) => other.serviceId === task.serviceId && !beyond(other.desired, 'complete'))
        .length < task.template.Placement!.MaxReplicas!,
    explain: () => 'max replicas per node limit exceed',
  },
];

/** The nodes that fit, and why the others do not, most of them first. */
export function filter(task: TaskRecord, infos: readonly NodeInfo[]): { fit: NodeInfo[]; why: string } {
  const enabled = FILTERS.filter(({ applies }) => applies(task));
  const failures = new Map<Filter, number>();
  const fit = infos.filter((info) => {
    const failed = enabled.find(({ fits }) => !fits(task, info));
    if (failed) failures.set(failed, (failures.get(failed) ?? 0) + 1);
    return !failed;
  });
  const why = [...failures]
    .sort(([, a], [, b]) => b - a)
    .map(([{ explain }, nodes]) => explain(nodes))
    .join('; ');
  return { fit, why };
}
