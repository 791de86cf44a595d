import type { Json } from '../../../../support/platform/template';

/** What is kept of a service that changes, the same before and after or not: how long things take, what is mounted. */
const SERVICE = ['name', 'mode', 'update_config', 'endpoint_spec', 'task_spec'];
const CONTAINER = ['image', 'args', 'env', 'mounts', 'healthcheck'];

/** A plan with what the classifier reads, and nothing of a secret or of the machine it was made on. */
export function reduce(plan: Json): Json {
  const changes = (plan.resource_changes ?? []).filter(
    ({ mode, change }: Json) => mode === 'managed' && (change.actions.join() !== 'no-op' || change.importing),
  );
  const drifts = (plan.resource_drift ?? []).map((drift: Json) => reduceChange(drift, [], []));
  return {
    resource_changes: changes.map((change: Json) => reduceChange(change, SERVICE, CONTAINER)),
    resource_drift: drifts.filter(({ change }: Json) => !same(change.before, change.after)),
    planned_values: { outputs: plan.planned_values?.outputs ?? {} },
    prior_state: { values: { root_module: { resources: prior(plan) } } },
  };
}

/** One resource on a line, so that a difference between two versions can be read. */
export function write(reduced: Json): string {
  const list = (items: readonly Json[]) =>
    items.length === 0 ? '[]' : `[\n${items.map((item) => JSON.stringify(item)).join(',\n')}\n]`;
  const { resource_changes, resource_drift, planned_values, prior_state } = reduced;
  return `{"resource_changes": ${list(resource_changes)},
"resource_drift": ${list(resource_drift)},
"planned_values": ${JSON.stringify(planned_values)},
"prior_state": {"values": {"root_module": {"resources": ${list(prior_state.values.root_module.resources)}}}}}
`;
}

function reduceChange(
  { address, type, name, index, mode, deposed, action_reason, change }: Json,
  ofService: readonly string[],
  ofContainer: readonly string[],
): Json {
  const { actions, before, after, after_unknown, replace_paths, importing } = change;
  const isService = type === 'docker_service';
  const [was, will] = isService
    ? services(prune(before), prune(after), ofService, ofContainer)
    : [few(type, before), few(type, after)];
  return defined({
    address,
    type,
    name,
    index,
    mode,
    deposed,
    action_reason,
    change: defined({
      actions,
      before: was,
      after: will,
      replace_paths,
      importing,
      after_unknown: isService ? unknowns(after_unknown) : undefined,
    }),
  });
}

/** Both sides of a service without what is the same on both and not kept anyway. */
function services(before: Json, after: Json, ofService: readonly string[], ofContainer: readonly string[]) {
  const sides = [before, after].filter((side) => side?.task_spec);
  const tasks = sides.map(({ task_spec }) => task_spec[0]);
  const containers = tasks.map(({ container_spec }) => container_spec[0]);
  drop(containers, ofContainer);
  drop(tasks, ['container_spec']);
  drop(sides, ofService);
  for (const { auth } of sides) if (auth?.[0]) auth[0] = { server_address: auth[0].server_address };
  return [before, after];
}

function drop(sides: readonly Json[], keep: readonly string[]): void {
  for (const key of new Set(sides.flatMap((side) => Object.keys(side)))) {
    const values = new Set(sides.map((side) => JSON.stringify(side[key])));
    if (keep.includes(key) || (values.size > 1 && sides.length > 1)) continue;
    for (const side of sides) delete side[key];
  }
}

/** What only the apply will know; without what it is sure of. */
function unknowns(value: Json): Json {
  if (value === true) return true;
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) {
    return value.some((item) => unknowns(item) !== undefined)
      ? value.map((item) => unknowns(item) ?? {})
      : undefined;
  }
  const entries = Object.entries(value).map(([key, item]) => [key, unknowns(item)] as const);
  const known = entries.filter(([, item]) => item !== undefined);
  return known.length > 0 ? Object.fromEntries(known) : undefined;
}

const FEW: Readonly<Record<string, readonly string[]>> = {
  docker_secret: ['name'],
  docker_config: ['name'],
  docker_network: ['name', 'driver', 'options'],
  docker_volume: ['name', 'labels'],
  tls_self_signed_cert: ['validity_end_time', 'early_renewal_hours', 'ready_for_renewal'],
};

const few = (type: string, value: Json): Json =>
  value &&
  Object.fromEntries((FEW[type] ?? []).filter((key) => key in value).map((key) => [key, value[key]]));

/** What nginx's configurations say, who mounts them, and until when the certificate is valid. */
function prior(plan: Json): Json[] {
  const resources: Json[] = plan.prior_state?.values?.root_module?.resources ?? [];
  const confs = resources.filter(({ type, name }) => type === 'docker_config' && name === 'nginx_conf');
  const isConf = ({ config_id }: Json) => confs.some(({ values }) => values.id === config_id);
  return resources.flatMap(({ type, name, values, deposed_key }) => {
    if (deposed_key !== undefined) return [];
    if (type === 'tls_self_signed_cert') return [{ type, name, values: few(type, values) }];
    if (type === 'docker_config' && name === 'nginx_conf') {
      return [{ type, name, values: { id: values.id, data: routesOf(values.data) } }];
    }
    if (type !== 'docker_service') return [];
    const configs = (values.task_spec[0].container_spec[0].configs ?? []).filter(isConf);
    const container_spec = [{ configs: configs.map(({ config_id }: Json) => ({ config_id })) }];
    return configs.length > 0 ? [{ type, name, values: { task_spec: [{ container_spec }] } }] : [];
  });
}

/** The lines that say where requests go. */
const routesOf = (data: string): string => {
  const lines = Buffer.from(data, 'base64').toString('utf8').split('\n');
  return Buffer.from(lines.filter((line) => /tasks\./.test(line)).join('\n')).toString('base64');
};

/** Without what says nothing: null, and empty lists, objects and texts. */
function prune(value: Json): Json {
  if (Array.isArray(value)) return value.map(prune);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, prune(item)] as const);
  return Object.fromEntries(entries.filter(([, item]) => !isEmpty(item)));
}

const isEmpty = (value: Json): boolean =>
  value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);

const same = (a: Json, b: Json): boolean => JSON.stringify(a) === JSON.stringify(b);

const defined = (value: Json): Json =>
  Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined && item !== null));
