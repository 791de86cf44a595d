import type { PlanDocument, ResourceChange } from '../terraform/document';

// biome-ignore lint/suspicious/noExplicitAny: documents that other programs wrote
type Json = any;

/**
 * Whether a state holds exactly what a plan of everything said that it would, wherever the plan could say it. Then Terraform
 * plans nothing of the same stack: what it compares the stack with is what it made of the stack. Of what was not known
 * before, ids for the most part, the state has what Terraform itself put in.
 *
 * @param state as `terraform state pull` prints it
 */
export function isAsPlanned({ resource_changes = [] }: PlanDocument, state: string): boolean {
  const { resources = [] }: Json = state.trim() === '' ? {} : JSON.parse(state);
  const left = new Map<string, Json>();
  for (const { module, mode, type, name, instances } of resources as Json[]) {
    if (module !== undefined || mode !== 'managed') return false;
    for (const { index_key, attributes, status, deposed } of instances as Json[]) {
      if (status === 'tainted' || deposed) return false;
      left.set(keyOf({ type, name, index: index_key }), attributes);
    }
  }
  const isSo = resource_changes.every((planned) => {
    const { mode, deposed, change } = planned;
    if (mode !== 'managed') return false;
    if (deposed) return true;
    const key = keyOf(planned);
    const attributes = left.get(key);
    left.delete(key);
    if (isTakenAway(change.actions)) return attributes === undefined;
    return attributes !== undefined && matches(change.after, change.after_unknown, attributes);
  });
  return isSo && left.size === 0;
}

const keyOf = ({ type, name, index }: Pick<ResourceChange, 'type' | 'name' | 'index'>): string =>
  JSON.stringify([type, name, index ?? null]);

const isTakenAway = (actions: readonly string[]): boolean =>
  !actions.includes('create') && (actions.includes('delete') || actions.includes('forget'));

function matches(planned: Json, unknown: Json, actual: Json): boolean {
  if (unknown === true) return true;
  if (Array.isArray(planned)) {
    return (
      Array.isArray(actual) &&
      planned.length === actual.length &&
      planned.every((item, index) => matches(item, unknown?.[index], actual[index]))
    );
  }
  if (typeof planned !== 'object' || planned === null) return (planned ?? null) === (actual ?? null);
  if (typeof actual !== 'object' || actual === null || Array.isArray(actual)) return false;
  const keys = new Set([...Object.keys(planned), ...Object.keys(actual)]);
  return [...keys].every((key) => matches(planned[key], unknown?.[key], actual[key]));
}
