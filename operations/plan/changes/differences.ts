import type { TaskSpec } from '../../docker/answers';
import { shortDigest, shortImage } from '../../images/same-image';
import type { Json } from '../../terraform/document';
import { asWritten } from '../../terraform/written-order';
import { keysOf, named, same } from './differing-keys';
import { containerOf, isGlobal, replicasOf } from './service-view';

/** What differs between two specifications of one service. */
export interface Differences {
  readonly image?: { readonly from: string; readonly to: string };
  readonly replicas?: { readonly from: number; readonly to: number };
  /** Everything else, in the provider's words: `args LOG_LEVEL`, `secrets db_password`, `update_config`. */
  readonly others: readonly string[];
  /** Swarm replaces tasks for it. */
  readonly restarts: boolean;
}

/** Swarm compares the tasks' specification and their end point; the rest says how many there are and how they roll. */
const OF_TASKS = ['resources', 'placement', 'restart_policy', 'log_driver', 'networks_advanced', 'runtime'];
const IN_PLACE = ['update_config', 'rollback_config', 'labels'];

/** One of `others` for which Swarm may replace tasks. */
export const isOfTasks = (field: string): boolean => !IN_PLACE.includes(field);

/** Lists in which ids are written that Terraform only knows after it made the objects: unknown is another one. */
const MOUNTED = ['secrets', 'configs'];

/** @param unknown the plan's `after_unknown` */
export function differencesOf(before: Json, after: Json, unknown: Json = {}): Differences {
  const [old = {}, next = {}, later = {}] = [before, after, unknown].map(containerOf);
  const image = old.image === next.image ? undefined : imagesInWords(old.image, next.image);
  const container = keysOf(old, next, later)
    .filter((key) => key !== 'image' && key !== 'labels')
    .filter((key) => differs(key, old, next, later))
    .map((key) => named(key, old, next));
  const tasks = [before, after, unknown].map((service) => service?.task_spec?.[0] ?? {});
  const rolling = [
    ...container,
    ...OF_TASKS.filter((key) => differs(key, ...(tasks as [Json, Json, Json]))),
    ...(differs('endpoint_spec', before, after, unknown) ? ['endpoint_spec'] : []),
  ];
  const [was, will] = [replicasOf(before), replicasOf(after)];
  const mode = isGlobal(before) === isGlobal(after) ? [] : ['mode'];
  return {
    ...(image ? { image } : {}),
    ...(was !== will && was !== undefined && will !== undefined ? { replicas: { from: was, to: will } } : {}),
    others: [...rolling, ...mode, ...IN_PLACE.filter((key) => differs(key, before, after, unknown))],
    restarts: image !== undefined || rolling.length > 0,
  };
}

function differs(key: string, before: Json, after: Json, unknown: Json): boolean {
  if (MOUNTED.includes(key) && holdsTrue(unknown?.[key])) return true;
  // Unknown as a whole: the provider fills it in when it recreates the service, and it says nothing.
  return unknown?.[key] !== true && !same(before?.[key], after?.[key], key);
}

const holdsTrue = (value: unknown): boolean =>
  value === true || (typeof value === 'object' && value !== null && Object.values(value).some(holdsTrue));

/** `users:v1` and `users:v2`; digests where the tag stays, everything where only the registry differs. */
function imagesInWords(before = '?', after = '?'): { from: string; to: string } {
  const [from, to] = [shortImage(before), shortImage(after)];
  if (from !== to) return { from, to };
  const [old, next] = [shortDigest(before), shortDigest(after)];
  return old === next
    ? { from: before, to: after }
    : { from: `${from} ${old}`.trim(), to: next || 'no digest' };
}

/**
 * Lists that Swarm compares by their order, and that are on the server in another one than the provider writes: an update
 * replaces tasks for them, whatever else it changes. Docker's command line sorts the mounts with each update by hand, and other
 * lists with some.
 */
export function movedLists(after: Json, present: TaskSpec = {}): string[] {
  const container = containerOf(after);
  const { Mounts, Secrets, Configs } = present.ContainerSpec ?? {};
  const [task] = after?.task_spec ?? [];
  const lists = [
    {
      list: 'mounts',
      written: asWritten('mounts', container?.mounts ?? []).map(({ target }) => target),
      runs: (Mounts ?? []).map(({ Target }) => Target),
    },
    {
      list: 'secrets',
      written: asWritten('secrets', container?.secrets ?? []).map(({ secret_id }) => secret_id),
      runs: (Secrets ?? []).map(({ SecretID }) => SecretID),
    },
    {
      list: 'configs',
      written: asWritten('configs', container?.configs ?? []).map(({ config_id }) => config_id),
      runs: (Configs ?? []).map(({ ConfigID }) => ConfigID),
    },
    {
      list: 'networks',
      written: asWritten('networks_advanced', task?.networks_advanced ?? []).map(({ name }) => name),
      runs: (present.Networks ?? []).map(({ Target }) => Target),
    },
  ];
  return (
    lists
      // Where something else is in it, that is a difference of its own.
      .filter(({ written, runs }) => same([...written].sort(), [...runs].sort()) && !same(written, runs))
      .map(({ list }) => list)
  );
}
