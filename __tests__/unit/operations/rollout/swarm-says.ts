import type { Service, ServiceSpec, Task, UpdateState } from '../../../../operations/docker/answers';
import type { Snapshot } from '../../../../operations/docker/snapshot';
import { beginHistory, type History } from '../../../../operations/rollout/history';
import type { Measure } from '../../../../operations/rollout/verdict';

/** Seconds of a test's story → the manager's clock. */
export const at = (seconds: number): number => Date.parse('2026-01-02T03:04:05.000Z') + seconds * 1000;
const iso = (seconds: number): string => new Date(at(seconds)).toISOString();

export function spec(
  image: string,
  replicas = 2,
  failureAction: 'pause' | 'continue' | 'rollback' = 'rollback',
) {
  const made: ServiceSpec = {
    Name: 'web',
    TaskTemplate: { ContainerSpec: { Image: image }, Resources: {}, Placement: {} },
    Mode: { Replicated: { Replicas: replicas } },
    UpdateConfig: { Parallelism: 1, Monitor: 5e9, FailureAction: failureAction },
  };
  return made;
}

interface TaskStory {
  readonly id?: string;
  readonly slot?: number;
  readonly image?: string;
  readonly created?: number;
  readonly state?: string;
  /** Since when it is in that state. @default - created */
  readonly since?: number;
  readonly error?: string;
  readonly desired?: 'running' | 'shutdown' | 'remove' | 'ready';
  readonly exitCode?: number;
}

let counter = 0;

export function task(story: TaskStory): Task {
  counter += 1;
  const { slot = 1, image = 'app:v2', created = 0, state = 'running' } = story;
  const ended = ['failed', 'rejected', 'complete', 'shutdown'].includes(state);
  return {
    ID: story.id ?? `task${counter}aaaaaaaaaaaa`,
    ServiceID: 's1',
    CreatedAt: iso(created),
    Slot: slot,
    NodeID: 'node1',
    DesiredState: story.desired ?? (ended ? 'shutdown' : 'running'),
    Spec: { ContainerSpec: { Image: image } },
    Status: {
      Timestamp: iso(story.since ?? created),
      State: state,
      ...(story.error ? { Err: story.error } : {}),
      ContainerStatus: {
        ContainerID: 'c1',
        ...(story.exitCode === undefined ? {} : { ExitCode: story.exitCode }),
      },
    },
  };
}

interface Story {
  readonly now: number;
  readonly spec?: ServiceSpec;
  readonly previous?: ServiceSpec;
  readonly status?: UpdateState;
  readonly started?: number;
  readonly message?: string;
  readonly created?: number;
  readonly updated?: number;
  readonly tasks?: readonly Task[];
}

/** One answer of Swarm. Tasks on the service's image are up to date. */
export function snapshot(story: Story): Snapshot {
  const present = story.spec ?? spec('app:v2');
  const service: Service = {
    ID: 's1',
    Version: { Index: 42 },
    CreatedAt: iso(story.created ?? -1000),
    UpdatedAt: iso(story.updated ?? 0),
    Spec: present,
    ...(story.previous ? { PreviousSpec: story.previous } : {}),
    ...(story.status
      ? {
          UpdateStatus: {
            State: story.status,
            StartedAt: iso(story.started ?? 0),
            Message: story.message ?? story.status.replace('_', ' '),
          },
        }
      : {}),
  };
  const tasks = story.tasks ?? [];
  const image = present.TaskTemplate.ContainerSpec?.Image;
  const current = tasks.filter((task) => task.Spec.ContainerSpec?.Image === image);
  return { service, tasks, upToDate: new Set(current.map((task) => task.ID)), now: at(story.now) };
}

export const MEASURE: Measure = {
  planned: { image: 'app:v2', replicas: 2 },
  observeSeconds: 30,
  stopGraceSeconds: 10,
  elapsedSeconds: 0,
  deadlineSeconds: 300,
  mayRollBack: true,
  judgeStatus: false,
};

/** What the watch would know that saw this deploy's specification from the start. */
export const fresh = (seen: Snapshot, more: Partial<History> = {}): History => ({
  ...beginHistory(seen),
  ...more,
});
