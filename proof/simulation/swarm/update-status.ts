import type { ServiceRecord } from './records';
import type { Store } from './store';

/** manager/orchestrator/update/updater.go, startUpdate. */
export function startUpdate(store: Store, serviceId: string): void {
  const service = store.services.get(serviceId);
  if (!service || service.updateStatus) return;
  const updateStatus = { state: 'updating', message: 'update in progress', startedAt: store.now } as const;
  store.commit(() => store.putService({ ...service, updateStatus }));
}

/** completeUpdate */
export function complete(store: Store, serviceId: string): void {
  const service = store.services.get(serviceId);
  const status = service?.updateStatus;
  if (!service || !status) return;
  const back = status.state === 'rollback_started';
  const updateStatus = {
    ...status,
    state: back ? 'rollback_completed' : 'completed',
    message: back ? 'rollback completed' : 'update completed',
    completedAt: store.now,
  } as const;
  store.commit(() => store.putService({ ...service, updateStatus }));
}

/** failureTriggersAction with pauseUpdate and rollbackUpdate; a rollback is never rolled back. */
export function failOf(
  store: Store,
  updated: ServiceRecord,
  action: 'pause' | 'continue' | 'rollback',
  taskId: string,
): void {
  const service = store.services.get(updated.id);
  const status = service?.updateStatus;
  // Where it is gone the service was updated since.
  if (!service || !status) return;
  const words = (what: string) => `${what} due to failure or early termination of task ${taskId}`;
  const back = updated.updateStatus?.state === 'rollback_started';
  if (action === 'pause' || back) {
    const state = status.state === 'rollback_started' ? 'rollback_paused' : 'paused';
    const message = words(action === 'pause' ? 'update paused' : 'rollback paused');
    store.commit(() => store.putService({ ...service, updateStatus: { ...status, state, message } }));
    return;
  }
  const { previousSpec, previousSpecVersion } = service;
  if (!previousSpec) return;
  const { previousSpec: _, previousSpecVersion: __, ...rest } = service;
  store.commit(() =>
    store.putService({
      ...rest,
      spec: previousSpec,
      specVersion: previousSpecVersion ?? 0,
      updateStatus: { ...status, state: 'rollback_started', message: words('update rolled back') },
    }),
  );
}
