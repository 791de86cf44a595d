import type { Service, SwarmNode, Task } from '../../../operations/docker/answers';
import type { NodeRecord, ServiceRecord, TaskRecord } from '../swarm/records';

/** The time at which every history begins. */
export const EPOCH = Date.parse('2026-01-02T03:00:00.000Z');

const iso = (time: number): string => new Date(EPOCH + time).toISOString();

const services = new WeakMap<ServiceRecord, Service>();
const tasks = new WeakMap<TaskRecord, Task>();

/** daemon/cluster/convert/service.go */
export function serviceView(record: ServiceRecord): Service {
  const known = services.get(record);
  if (known) return known;
  const { updateStatus, previousSpec } = record;
  const view: Service & { UpdateStatus?: { CompletedAt?: string } } = {
    ID: record.id,
    Version: { Index: record.version },
    CreatedAt: iso(record.createdAt),
    UpdatedAt: iso(record.updatedAt),
    Spec: record.spec,
    ...(previousSpec ? { PreviousSpec: previousSpec } : {}),
    ...(updateStatus
      ? {
          UpdateStatus: {
            State: updateStatus.state,
            StartedAt: iso(updateStatus.startedAt),
            Message: updateStatus.message,
            ...(updateStatus.completedAt === undefined ? {} : { CompletedAt: iso(updateStatus.completedAt) }),
          },
        }
      : {}),
  };
  services.set(record, view);
  return view;
}

/** daemon/cluster/convert/task.go */
export function taskView(record: TaskRecord): Task {
  const known = tasks.get(record);
  if (known) return known;
  const { status } = record;
  const view: Task = {
    ID: record.id,
    ServiceID: record.serviceId,
    CreatedAt: iso(record.createdAt),
    UpdatedAt: iso(record.updatedAt),
    ...(record.slot > 0 ? { Slot: record.slot } : {}),
    ...(record.nodeId ? { NodeID: record.nodeId } : {}),
    DesiredState: record.desired,
    Spec: record.template,
    Status: {
      Timestamp: iso(status.timestamp),
      State: status.state,
      Message: status.message,
      ...(status.err ? { Err: status.err } : {}),
      ...(status.containerId
        ? { ContainerStatus: { ContainerID: status.containerId, ExitCode: status.exitCode ?? 0 } }
        : {}),
    },
  };
  tasks.set(record, view);
  return view;
}

export const nodeView = (record: NodeRecord): SwarmNode => ({
  ID: record.id,
  Spec: { Role: record.role, Availability: record.availability },
  Description: {
    Hostname: record.hostname,
    Resources: { NanoCPUs: record.nanoCpus, MemoryBytes: record.memoryBytes },
  },
  Status: { State: record.state },
  ...(record.role === 'manager' ? { ManagerStatus: { Leader: true } } : {}),
});
