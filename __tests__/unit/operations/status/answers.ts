import type { ContainerSummary } from '../../../../operations/docker/answers';
import type { Answers } from '../../../../operations/status/gather';
import { at, snapshot, task } from '../rollout/swarm-says';

const GIB = 1024 ** 3;

/** A task's container. */
export const container = (taskId: string, Status: string): ContainerSummary => ({
  Names: [`/${taskId}`],
  Labels: { 'com.docker.swarm.task.id': taskId },
  Ports: [],
  Status,
});

/** What a healthy server answers: one service `shop_web` of two replicas on the node `vps`. */
export function answers(more: Partial<Answers> = {}): Answers {
  const tasks = [1, 2].map((slot) => ({
    ...task({ id: `t${slot}`, slot, created: -600 }),
    ServiceID: 's1',
    Spec: {
      ContainerSpec: { Image: 'app:v2' },
      Resources: { Reservations: { NanoCPUs: 0.25e9, MemoryBytes: GIB / 4 } },
    },
  }));
  const seen = snapshot({ now: 0, tasks, created: -600 });
  const service = { ...seen.service, Spec: { ...seen.service.Spec, Name: 'shop_web' } };
  return {
    info: {
      Name: 'vps',
      DockerRootDir: '/var/lib/docker',
      SystemTime: new Date(at(0)).toISOString(),
      NCPU: 4,
      MemTotal: 8 * GIB,
    },
    services: [service],
    strangers: [],
    jobs: [],
    tasks,
    upToDate: seen.upToDate,
    containers: ['t1', 't2'].map((id) => container(id, 'Up 10 minutes (healthy)')),
    nodes: [
      {
        ID: 'node1',
        Spec: { Role: 'manager', Availability: 'active' },
        Description: { Hostname: 'vps', Resources: { NanoCPUs: 4e9, MemoryBytes: 8 * GIB } },
        Status: { State: 'ready' },
        ManagerStatus: { Leader: true },
      },
    ],
    usage: {
      LayersSize: 3 * GIB,
      Images: [
        { Containers: 2, Size: 2 * GIB, SharedSize: GIB },
        { Containers: 0, Size: 2 * GIB, SharedSize: GIB },
        { Containers: 0, Size: GIB, SharedSize: -1 },
      ],
      Containers: [{ SizeRw: 1024 }, {}],
      Volumes: [
        { Name: 'shop_data', UsageData: { Size: 5 * GIB } },
        { Name: 'else', UsageData: { Size: -1 } },
      ],
      BuildCache: null,
    },
    figures: {
      load: [0.5, 0.4, 0.3],
      memory: { totalBytes: 8 * GIB, availableBytes: 4 * GIB },
      disk: { path: '/var/lib/docker', totalBytes: 80 * GIB, freeBytes: 40 * GIB },
    },
    certificate: {
      subject: 'shop.example',
      issuer: "Let's Encrypt R11",
      selfSigned: false,
      untrusted: null,
      validFrom: new Date(at(-80 * 86_400)).toISOString(),
      validTo: new Date(at(60 * 86_400 + 60)).toISOString(),
    },
    ...more,
  };
}

export const WISH = {
  stack: 'shop',
  target: { host: 'ssh://deploy@vps' },
  https: { host: 'shop.example', port: 443 },
};
