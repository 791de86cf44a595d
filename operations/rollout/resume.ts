import type { Service } from '../docker/answers';
import { deployBegan, isWanted, type Snapshot, slotOf } from '../docker/snapshot';

/**
 * An update that is younger may be this deploy's own: Terraform has sent it just before the gate began to look, and
 * Swarm may have paused it since.
 */
const OWN_UPDATE_MS = 60_000;

/**
 * Whether Swarm paused half-way in an earlier deploy. A rollback that paused is always an earlier one's as far as the
 * specification is the planned one, for this deploy's would have led away from it.
 */
export function isLeftPaused({ service, now }: Snapshot): boolean {
  const { State, StartedAt } = service.UpdateStatus ?? {};
  if (State === 'rollback_paused') return true;
  return State === 'paused' && now - Date.parse(StartedAt ?? '') > OWN_UPDATE_MS;
}

/**
 * Whether the specification was there before this deploy, which had nothing to change: a gate that failed runs again by
 * itself, and what was mended since is in no specification. What Swarm has rolled back is told with all that failed.
 */
export function isOlder(snapshot: Snapshot): boolean {
  if (isLeftPaused(snapshot)) return true;
  const isBack = snapshot.service.UpdateStatus?.State?.startsWith('rollback_') ?? false;
  return !isBack && snapshot.now - deployBegan(snapshot) > OWN_UPDATE_MS;
}

/**
 * Whether Swarm's word for the last rollout is that it failed: it paused, or went back by itself. Swarm drops the
 * previous specification when it does that, and swaps the two when somebody asks for it. After its own rollback it may say
 * "completed": a slot that had two tasks meanwhile was put in order by one more update.
 */
export function saysFailed({
  UpdateStatus,
  PreviousSpec,
}: Pick<Service, 'UpdateStatus' | 'PreviousSpec'>): boolean {
  const state = UpdateStatus?.State ?? '';
  const back = !PreviousSpec && (state.startsWith('rollback_') || state === 'completed');
  return back || state === 'paused' || state === 'rollback_paused';
}

/**
 * Whether tasks of another specification are still to be replaced, which Swarm does not do while it is paused. Tasks
 * that fail on the present one it starts again by itself.
 */
export const isHeldUp = ({ tasks, upToDate }: Snapshot): boolean =>
  tasks.some((task) => isWanted(task) && !upToDate.has(task.ID));

/**
 * Whether the service bears that the tasks of another specification are replaced. Stop-first takes the old one away before
 * the new one is healthy: where the present specification does not run, and stay so, that was the last one that serves.
 */
export function isBorne(
  { service, tasks, upToDate }: Snapshot,
  { running, wanted, ranFor }: { readonly running: number; readonly wanted: number; readonly ranFor: number },
  observeSeconds: number,
): boolean {
  if (service.Spec.UpdateConfig?.Order === 'start-first') return true;
  const others = tasks.filter((task) => isWanted(task) && !upToDate.has(task.ID));
  const allRun = running > 0 && running + new Set(others.map(slotOf)).size >= wanted;
  return allRun && ranFor >= observeSeconds;
}

/**
 * Whether `docker service rollback` leads anywhere: Swarm drops the previous specification when it rolls back by
 * itself, and an update that changes nothing overwrites it.
 */
export const canGoBack = ({ Spec, PreviousSpec }: Service): boolean =>
  PreviousSpec !== undefined && JSON.stringify(PreviousSpec) !== JSON.stringify(Spec);
