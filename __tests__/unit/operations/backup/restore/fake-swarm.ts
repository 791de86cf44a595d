import { JOB_LABEL, JOB_OF_LABEL } from '../../../../../contract/job';
import type { Docker, NewConfig } from '../../../../../operations/docker/client';
import type { SwarmClient } from '../../../../../operations/docker/swarm-client';

/** A Swarm with services of so many tasks, its configs, and jobs. */
export class FakeSwarm {
  readonly configsThere = new Map<string, NewConfig>();
  readonly replicas: Record<string, number>;
  /** What a service's tasks do that are not wanted any more, at each look. @default they have ended */
  readonly lingering: Record<string, string[]> = {};
  /** What the only task of a job does; undefined where it has none yet. */
  readonly jobs: Record<string, { of: string; state: string | undefined; kind?: string }> = {};
  now = Date.parse('2026-11-27T12:00:00Z');

  constructor(replicas: Record<string, number>) {
    this.replicas = { ...replicas };
  }

  readonly docker = {
    clock: async () => this.now,
    services: async () =>
      Object.entries(this.replicas).map(([name, Replicas]) => ({
        ID: name,
        Version: { Index: 1 },
        Spec: { Name: name, Mode: { Replicated: { Replicas } } },
      })),
    jobs: async () =>
      Object.entries(this.jobs).map(([Name, { of, kind = 'run' }]) => ({
        ID: Name,
        CreatedAt: new Date(this.now).toISOString(),
        Spec: {
          Name,
          Labels: { 'com.docker.stack.namespace': 'shop', [JOB_LABEL]: kind, [JOB_OF_LABEL]: of },
        },
      })),
    updateService: async (
      id: string,
      _: number,
      { Mode }: { Mode: { Replicated: { Replicas: number } } },
    ) => {
      this.replicas[id] = Mode.Replicated.Replicas;
    },
    tasks: async ({ service = [] }: { service?: readonly string[] } = {}) =>
      service.flatMap((id) => {
        const job = this.jobs[id];
        if (job) return job.state === undefined ? [] : [task(id, job.state)];
        const state = this.replicas[id] ? 'running' : (this.lingering[id]?.shift() ?? 'shutdown');
        return [task(id, state)];
      }),
    configs: async ({ label = [] }: { label?: readonly string[] } = {}) =>
      [...this.configsThere]
        .map(([ID, Spec]) => ({ ID, Spec }))
        .filter(({ Spec: { Labels } }) =>
          label.every((one) => Object.entries(Labels).some((pair) => pair.join('=') === one)),
        ),
    createConfig: async (spec: NewConfig) => {
      if (this.configsThere.has(spec.Name)) throw Object.assign(new Error('taken'), { statusCode: 409 });
      this.configsThere.set(spec.Name, spec);
    },
    removeConfig: async (id: string) => {
      this.configsThere.delete(id);
    },
  } as unknown as Docker;

  readonly client = { docker: this.docker, close: () => {} } as unknown as SwarmClient;
}

const task = (ServiceID: string, State: string) => ({
  ServiceID,
  CreatedAt: '2026-11-27T11:00:00Z',
  Status: { State },
});
