import { beyond, type NodeRecord, type ServiceRecord, type TaskRecord, type Template } from './records';

const texts = new WeakMap<object, string>();

/** For `reflect.DeepEqual` of what is never changed. */
export function textOf(value: object | undefined): string {
  if (value === undefined) return '';
  const known = texts.get(value);
  if (known !== undefined) return known;
  const text = JSON.stringify(value);
  texts.set(value, text);
  return text;
}

/** manager/orchestrator/task.go, IsTaskDirty. Options of a pull are not modelled. */
export function isTaskDirty(service: ServiceRecord, task: TaskRecord, node: NodeRecord | undefined): boolean {
  if (service.specVersion === task.specVersion) return false;
  const { TaskTemplate, EndpointSpec } = service.spec;
  if (onlyPlacementDiffers(TaskTemplate, task.template) && node && nodeMatches(TaskTemplate, node))
    return false;
  return textOf(TaskTemplate) !== textOf(task.template) || textOf(EndpointSpec) !== textOf(task.endpoint);
}

/** manager/orchestrator/task.go, IsTaskDirtyPlacementConstraintsOnly. */
function onlyPlacementDiffers(wanted: Template, present: Template): boolean {
  if (textOf(wanted) === textOf(present)) return false;
  if (JSON.stringify(wanted.Placement) === JSON.stringify(present.Placement)) return false;
  const { Placement: _, ...rest } = wanted;
  const { Placement: __, ...other } = present;
  return JSON.stringify(rest) === JSON.stringify(other);
}

/** manager/constraint/constraint.go, NodeMatches, for the keys that are used here. */
export function nodeMatches({ Placement }: Template, node: NodeRecord): boolean {
  return (Placement?.Constraints ?? []).every((constraint) => {
    const [, key = '', operator, value] = /^\s*(\S+?)\s*(==|!=)\s*(.*?)\s*$/.exec(constraint) ?? [];
    const has = key.startsWith('node.labels.')
      ? node.labels[key.slice('node.labels.'.length)]
      : { 'node.role': node.role, 'node.hostname': node.hostname, 'node.id': node.id }[key];
    return (has === value) === (operator === '==');
  });
}

/** manager/orchestrator/task.go, InvalidNode. */
export const isInvalid = (node: NodeRecord | undefined): boolean =>
  node === undefined || node.state === 'down' || node.availability === 'drain';

/** Wanted in some way that is not over. */
export const isLive = (task: TaskRecord): boolean => !beyond(task.desired, 'running');
