import type { ServiceRecord, State, TaskRecord } from './records';
import type { Store } from './store';

/** manager/orchestrator/task.go, NewTask: always of the service as the caller knows it. */
export function newTask(
  store: Store,
  service: ServiceRecord,
  place: { readonly slot: number; readonly nodeId?: string | undefined },
  desired: State = 'running',
): Omit<TaskRecord, 'version' | 'updatedAt'> {
  return {
    id: store.newId('task'),
    serviceId: service.id,
    slot: place.slot,
    ...(place.nodeId ? { nodeId: place.nodeId } : {}),
    createdAt: store.now,
    desired,
    template: service.spec.TaskTemplate,
    endpoint: service.spec.EndpointSpec,
    specVersion: service.specVersion,
    ...(service.jobIteration === undefined ? {} : { jobIteration: service.jobIteration }),
    status: { state: 'new', message: 'created', timestamp: store.now },
  };
}
