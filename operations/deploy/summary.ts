import { shortImage } from '../rollout/image';
import { type PlannedObject, plannedObjects } from '../secrets/leftovers';

/** What a plan does to one service. */
export interface ServiceChange {
  /** As in the catalogue. */
  readonly service: string;
  readonly action: 'create' | 'update' | 'replace' | 'destroy';
  /** In words: `v1 → v2`, `2 → 3 replicas`, `args`. */
  readonly what: string;
  /** Its tasks stop before new ones start. */
  readonly downtime: boolean;
}

export interface PlanSummary {
  readonly services: readonly ServiceChange[];
  /** Everything else: `docker_secret: 1 created, 1 destroyed`. */
  readonly others: readonly string[];
  /** Gates and steps that will run. */
  readonly steps: number;
  /** Secrets and configs that are made. */
  readonly creates: readonly PlannedObject[];
}

// biome-ignore lint/suspicious/noExplicitAny: a document that another program wrote
type Json = any;

const SECRETS_AND_CONFIGS = ['secrets', 'configs'];

/** `terraform show -json <plan>` in the words of Swarm. */
export function summarize(plan: Json): PlanSummary {
  const changes: Json[] = (plan.resource_changes ?? []).filter(
    ({ mode, change }: Json) => mode !== 'data' && !['no-op', 'read'].includes(change.actions.join()),
  );
  const services = changes.filter(({ type }) => type === 'docker_service').map(serviceChange);
  const steps = changes.filter(
    ({ type, change }) => type === 'null_resource' && change.actions.includes('create'),
  ).length;
  const counts = new Map<string, Map<string, number>>();
  for (const { type, change } of changes) {
    if (type === 'docker_service' || type === 'null_resource') continue;
    const words = WORDS[actionOf(change.actions)];
    const ofType = counts.get(type) ?? new Map<string, number>();
    counts.set(type, ofType.set(words, (ofType.get(words) ?? 0) + 1));
  }
  const others = [...counts].map(
    ([type, ofType]) => `${type}: ${[...ofType].map(([word, count]) => `${count} ${word}`).join(', ')}`,
  );
  return { services, others, steps, creates: plannedObjects(plan) };
}

const WORDS = { create: 'created', update: 'updated', replace: 'replaced', destroy: 'destroyed' } as const;

function actionOf(actions: readonly string[]): ServiceChange['action'] {
  if (actions.includes('create')) return actions.includes('delete') ? 'replace' : 'create';
  return actions.includes('delete') ? 'destroy' : 'update';
}

function serviceChange({ name, index, change }: Json): ServiceChange {
  const action = actionOf(change.actions);
  const service = index === undefined ? name : `${name}[${index}]`;
  const { before, after } = change;
  if (action === 'create')
    return { service, action, what: `${imageOf(after)}, ${tasks(after)}`, downtime: false };
  if (action === 'destroy') return { service, action, what: imageOf(before), downtime: true };
  const what = differences(before, after, change.after_unknown);
  if (action === 'update') return { service, action, what: what.join(', ') || 'settings', downtime: false };
  const because = (change.replace_paths ?? []).map((path: unknown[]) => path.join('.')).join(', ');
  return {
    service,
    action,
    what: [because && `because of ${because}`, ...what].filter(Boolean).join(', '),
    downtime: true,
  };
}

function differences(before: Json, after: Json, unknown: Json): string[] {
  const [old, next] = [containerOf(before), containerOf(after)];
  const found: string[] = [];
  if (old?.image !== next?.image) {
    const [a, b] = [shortImage(old?.image ?? '?'), shortImage(next?.image ?? '?')];
    found.push(a === b ? `${a}, another digest` : `${a} → ${b}`);
  }
  const [was, will] = [replicasOf(before), replicasOf(after)];
  if (was !== will) found.push(`${was} → ${will} replicas`);
  const unknownContainer = containerOf(unknown);
  for (const key of new Set([...Object.keys(old ?? {}), ...Object.keys(next ?? {})])) {
    if (key === 'image') continue;
    const later = SECRETS_AND_CONFIGS.includes(key) && holdsTrue(unknownContainer?.[key]);
    if (later || !same(old?.[key], next?.[key])) found.push(key);
  }
  for (const key of ['resources', 'placement', 'restart_policy', 'log_driver', 'networks_advanced']) {
    if (!same(before?.task_spec?.[0]?.[key], after?.task_spec?.[0]?.[key])) found.push(key);
  }
  for (const key of ['endpoint_spec', 'update_config', 'rollback_config', 'labels']) {
    if (!same(before?.[key], after?.[key])) found.push(key);
  }
  return found;
}

const containerOf = (service: Json): Json => service?.task_spec?.[0]?.container_spec?.[0];
const replicasOf = (service: Json): unknown => service?.mode?.[0]?.replicated?.[0]?.replicas;
const imageOf = (service: Json): string => shortImage(containerOf(service)?.image ?? '?');
const tasks = (service: Json): string => {
  const replicas = replicasOf(service);
  return replicas === undefined ? 'global' : `${replicas} ${replicas === 1 ? 'task' : 'tasks'}`;
};
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
const holdsTrue = (value: unknown): boolean =>
  value === true || (typeof value === 'object' && value !== null && Object.values(value).some(holdsTrue));

const LABELS = { create: 'create', update: 'update', replace: 'REPLACE', destroy: 'REMOVE' } as const;

/** For people, one line each. */
export function summaryLines({ services, others, steps }: Omit<PlanSummary, 'creates'>): string[] {
  const width = Math.max(0, ...services.map(({ service }) => service.length));
  const gates = steps === 1 ? '1 step checks it' : `${steps} steps, gates among them, check it`;
  return [
    ...services.map(
      ({ service, action, what, downtime }) =>
        `${LABELS[action].padEnd(8)}${service.padEnd(width)}  ${what}${downtime ? `  DOWNTIME: its tasks stop${action === 'replace' ? ' before new ones start' : ''}` : ''}`,
    ),
    ...others,
    ...(steps > 0 ? [gates] : []),
  ];
}
