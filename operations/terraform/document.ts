// biome-ignore lint/suspicious/noExplicitAny: a document that another program wrote
export type Json = any;

/** One entry of `resource_changes` or `resource_drift`. */
export interface ResourceChange {
  readonly type: string;
  readonly name: string;
  readonly address?: string;
  /** The key of `for_each`. */
  readonly index?: string | number;
  readonly mode?: string;
  /** An older object that a failed deploy left, which Terraform still has to destroy. */
  readonly deposed?: string;
  readonly action_reason?: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before?: Json;
    readonly after?: Json;
    readonly after_unknown?: Json;
    readonly replace_paths?: readonly (readonly (string | number)[])[];
    readonly importing?: { readonly id?: string };
  };
}

/** `terraform show -json <plan>`, as far as it is read. It holds secrets: nothing may print it. */
export interface PlanDocument {
  /** Of whoever wrote it; OpenTofu calls it the same. */
  readonly terraform_version?: string;
  readonly resource_changes?: readonly ResourceChange[];
  readonly resource_drift?: readonly ResourceChange[];
  readonly planned_values?: Json;
  readonly prior_state?: Json;
}

export type Action = 'create' | 'update' | 'replace' | 'destroy' | 'import' | 'forget';

/** What happens to an object, in one word; undefined where nothing does. */
export function actionOf({ change }: ResourceChange): Action | undefined {
  const { actions, importing } = change;
  if (actions.includes('create')) return actions.includes('delete') ? 'replace' : 'create';
  if (actions.includes('delete')) return 'destroy';
  if (actions.includes('forget')) return 'forget';
  if (importing) return 'import';
  return actions.includes('update') ? 'update' : undefined;
}

/** All that changes, reads of data apart. */
export const changesOf = ({ resource_changes = [] }: PlanDocument): ResourceChange[] =>
  resource_changes.filter((change) => change.mode !== 'data' && actionOf(change) !== undefined);

/** Objects as they were when the plan was made, by type; without those that a failed deploy left. */
export const priorOf = (
  { prior_state }: PlanDocument,
  type: string,
): { readonly name: string; readonly values: Json }[] =>
  (prior_state?.values?.root_module?.resources ?? []).filter(
    (resource: Json) => resource.type === type && resource.deposed_key === undefined,
  );

/** As in the catalogue: `web`, or `web[2]` for one of several. */
export const idOf = ({ name, index }: ResourceChange): string =>
  index === undefined ? name : `${name}[${index}]`;
