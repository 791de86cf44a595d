import type { Played } from '../history/played';
import { SERVICE } from '../scenario/spec';
import { isLive } from '../swarm/dirty';
import { beyond, type NodeRecord, type ServiceRecord, type Spec, type TaskRecord } from '../swarm/records';
import { recordAt } from '../swarm/store';

/** What the judge goes by: all that was, up to a time. */
export function serviceAt({ world }: Played, at: number): ServiceRecord | undefined {
  for (const log of world.store.serviceLog.values()) {
    const record = recordAt(log, at);
    if (record?.spec.Name === SERVICE) return record;
  }
  return undefined;
}

export const tasksAt = ({ world }: Played, at: number): TaskRecord[] =>
  [...world.store.taskLog.values()].flatMap((log) => recordAt(log, at) ?? []);

export const nodesAt = ({ world }: Played, at: number): Map<string, NodeRecord> =>
  new Map(
    [...world.store.nodeLog].flatMap(([id, log]) => {
      const record = recordAt(log, at);
      return record ? [[id, record] as const] : [];
    }),
  );

/** A task's life as the manager knew it. */
export interface Life {
  readonly task: TaskRecord;
  readonly createdAt: number;
  readonly ranAt?: number;
  readonly endedAt?: number;
  readonly end?: string;
  /** When the manager forgot it. */
  readonly goneAt?: number;
  /** It was told to stop before it ended. */
  readonly told?: boolean;
}

const OWN_END = ['failed', 'rejected', 'complete', 'orphaned'];

/** Every task that there was, forgotten ones too. */
export function lives({ world }: Played, until: number): Life[] {
  const found: Life[] = [];
  for (const log of world.store.taskLog.values()) {
    const first = log[0]!;
    if (first.at > until) continue;
    let life: { -readonly [K in keyof Life]: Life[K] } = { task: first.record!, createdAt: first.at };
    let told = false;
    for (const { at, record } of log) {
      if (at > until) break;
      if (!record) {
        life.goneAt = at;
        break;
      }
      life = { ...life, task: record };
      if (record.status.state === 'running') life.ranAt ??= at;
      if (beyond(record.status.state, 'running') && life.end === undefined) {
        life.endedAt = at;
        life.end = record.status.state;
        life.told = told;
      }
      told = !isLive(record);
    }
    found.push(life);
  }
  return found;
}

/** Ended by itself, not told to. */
export const hasFailed = ({ end }: Life): boolean => end !== undefined && OWN_END.includes(end);

/** What the gate holds against the plan: tasks, their number, the ports. */
export const essence = ({ TaskTemplate, Mode, EndpointSpec }: Spec): string => {
  // The engine fills the platforms in, from the image.
  const { Platforms: _, ...Placement } = TaskTemplate.Placement ?? {};
  return JSON.stringify([{ ...TaskTemplate, Placement }, Mode, EndpointSpec]);
};

/** This deploy's tasks on what was planned. Who updated the service before the first look hides what was before that. */
export function newLives(played: Played, until: number, earlierMs = 0): Life[] {
  const { world, deployAt, firstLook } = played;
  const hidden = world.foreign.filter(({ at }) => at <= firstLook).map(({ at }) => at);
  // A deploy that changes nothing asks how the service fares since the last that did.
  const from = played.changes
    ? Math.max(deployAt, ...hidden) - earlierMs
    : earlierMs > 0
      ? 0
      : lastChange(serviceAt(played, firstLook));
  const template = JSON.stringify(played.planned.TaskTemplate);
  return lives(played, until).filter(
    ({ task, createdAt }) => createdAt >= from && JSON.stringify(task.template) === template,
  );
}

/** By how many seconds pulls make the wait longer at most: as long as one went on, and what each slot may take. */
export function pullBound(played: Played): number {
  const { world, watchedFrom, limits } = played;
  const spans: [from: number, to: number][] = [];
  const slots = new Set<string>();
  for (const log of world.store.taskLog.values()) {
    log.forEach(({ at, record }, index) => {
      if (record?.status.state !== 'preparing') return;
      slots.add(String(record.slot || record.nodeId));
      spans.push([Math.max(at, watchedFrom), log[index + 1]?.at ?? world.agenda.now]);
    });
  }
  let [total, until] = [0, watchedFrom];
  for (const [from, to] of spans.sort(([a], [b]) => a - b)) {
    total += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return Math.min(total / 1000, limits.pullSeconds * slots.size);
}

const lastChange = (service: ServiceRecord | undefined): number => {
  if (!service) return 0;
  const { updateStatus, previousSpec, updatedAt, createdAt } = service;
  return updateStatus?.startedAt ?? (previousSpec ? updatedAt : createdAt);
};
