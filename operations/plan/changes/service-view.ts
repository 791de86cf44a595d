import { ownTimeout } from '../../stack/probe-timeout';
import type { Json } from '../../terraform/document';
import type { BinaryLog } from './model';

/** A service as the provider writes it, read for what a roll depends on. Seconds throughout. */
export interface ServiceView {
  readonly image: string;
  /** Undefined in global mode. */
  readonly replicas: number | undefined;
  readonly order: 'start-first' | 'stop-first';
  /** 0 is "all at once". */
  readonly parallelism: number;
  readonly delay: number;
  /** How long Swarm watches new tasks before it calls an update completed. */
  readonly monitor: number;
  readonly health:
    | { readonly interval: number; readonly timeout: number; readonly startPeriod: number }
    | undefined;
  /** How long a task serves on after SIGTERM; the launcher's `--drain`. */
  readonly drain: number;
  /** A port of the node itself: clients wait for the process, not for its health. */
  readonly hostPort: boolean;
  readonly envEntries: number;
  /** Names of volumes that its tasks mount to write. */
  readonly volumes: readonly string[];
  /** MariaDB's, where it has one. */
  readonly binaryLog?: BinaryLog;
}

export function viewOf(service: Json): ServiceView {
  const container = containerOf(service) ?? {};
  const [update = {}] = service?.update_config ?? [];
  const binaryLog = binaryLogOf((container.args ?? []).map(String));
  const drain = (container.args ?? []).find((arg: unknown) => /^--drain=\d+$/.test(String(arg)));
  return {
    image: container.image ?? '?',
    replicas: replicasOf(service),
    // Docker's own defaults, where nothing is written.
    order: update.order === 'start-first' ? 'start-first' : 'stop-first',
    parallelism: update.parallelism ?? 1,
    delay: seconds(update.delay),
    monitor: update.monitor === undefined ? 5 : seconds(update.monitor),
    health: healthOf(container.healthcheck?.[0]),
    drain: drain ? Number(String(drain).slice('--drain='.length)) : 0,
    hostPort: (service?.endpoint_spec?.[0]?.ports ?? []).some((port: Json) => port.publish_mode === 'host'),
    envEntries: Object.keys(container.env ?? {}).length,
    volumes: volumesOf(container),
    ...(binaryLog ? { binaryLog } : {}),
  };
}

export const containerOf = (service: Json): Json => service?.task_spec?.[0]?.container_spec?.[0];

export const isGlobal = (service: Json): boolean => service?.mode?.[0]?.global === true;

export const replicasOf = (service: Json): number | undefined =>
  isGlobal(service) ? undefined : (service?.mode?.[0]?.replicated?.[0]?.replicas ?? undefined);

function binaryLogOf(args: readonly string[]): BinaryLog | undefined {
  if (!args.some((text) => /^--log[-_]bin(=|$)/.test(text))) return undefined;
  const [, seconds] = /^--binlog[-_]expire[-_]logs[-_]seconds=(\d+)$/m.exec(args.join('\n')) ?? [];
  return Number(seconds) > 0 ? { keepsSeconds: Number(seconds) } : {};
}

const volumesOf = (container: Json): string[] =>
  (container.mounts ?? [])
    .filter((mount: Json) => mount.type === 'volume' && !mount.read_only)
    .map((mount: Json) => String(mount.source ?? 'one without a name'))
    .sort();

/** None where the check is switched off, or left to the image, which then is not known. */
function healthOf(check: Json): ServiceView['health'] {
  if (!check || !(check.test ?? []).length || check.test[0] === 'NONE') return undefined;
  return {
    // Docker's own defaults.
    interval: seconds(check.interval) || 30,
    timeout: ownTimeout(check.test) ?? (seconds(check.timeout) || 30),
    startPeriod: seconds(check.start_period),
  };
}

const UNITS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001 };

/** Go's way to write a duration: `1m30s`, `500ms`. */
export const seconds = (text: unknown): number =>
  [...String(text ?? '').matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * UNITS[unit!]!,
    0,
  );
