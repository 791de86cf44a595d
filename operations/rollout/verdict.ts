import type { Outcome } from '../../contract/outcome';
import type { PlannedService } from '../../contract/rollout';
import type { Task } from '../docker/answers';
import { deployBegan, hasFailed, type Snapshot, since, slotOf } from '../docker/snapshot';
import { crashed, type History, templateOf } from './history';
import type { Verdict } from './progress';
import { isPulling } from './pulls';
import { canGoBack, isBorne, isHeldUp } from './resume';
import { hopeless, type Slots, slotsOf } from './slots';
import { additions, differences } from './specification/differences';

/** What the judge goes by besides what Swarm shows. */
export interface Measure {
  readonly planned: PlannedService;
  /** How long new tasks must have run. */
  readonly observeSeconds: number;
  readonly stopGraceSeconds: number;
  readonly elapsedSeconds: number;
  /** Longer by the time in which images were pulled. */
  readonly deadlineSeconds: number;
  /** The gate may put the service back itself. */
  readonly mayRollBack: boolean;
  /** The gate may have Swarm go on with what it paused in an earlier deploy. @default false */
  readonly mayResume?: boolean;
  /**
   * There is no plan, only the present specification: one that Swarm rolled back to counts as rolled back. With a plan
   * it does not, for going back to what Swarm restored changes nothing and leaves the old status.
   */
  readonly judgeStatus: boolean;
}

/** Within this time Swarm has decided on a failed task itself, or it shows that the daemon was stopped; only then do we. */
const SETTLES_MS = 3_000;
/** A global service has no tasks at first, which must not look like "none wanted". */
const GLOBAL_STARTS_MS = 5_000;

/**
 * Whether Swarm runs what was planned. `UpdateStatus` only says whether it is still on the way: it is absent after a
 * create, stays from an earlier update, and says `completed` before a late crash.
 */
export function judge(snapshot: Snapshot, history: History, measure: Measure): Verdict {
  const slots = slotsOf(snapshot);
  const { service } = snapshot;
  const state = service.UpdateStatus?.State || undefined;
  const progress = (waitsFor: string) => ({ running: slots.running, wanted: slots.wanted, waitsFor });
  const wait = (waitsFor: string): Verdict =>
    measure.elapsedSeconds < measure.deadlineSeconds + history.pulls.seconds
      ? { state: 'waiting', progress: progress(waitsFor) }
      : final(
          'timedOut',
          `after ${Math.round(measure.elapsedSeconds)} s still ${waitsFor}`,
          suspects(slots, history),
        );
  const final = (outcome: Outcome, reason: string, culprits: readonly Task[] = []): Verdict => ({
    state: 'final',
    outcome,
    reason,
    culprits,
    progress: progress(reason),
  });

  // Swarm drops PreviousSpec when it rolls back by itself, and swaps the two when somebody asks for it.
  const rollingBack = state?.startsWith('rollback_') ?? false;
  // After its own one it may say "completed": a slot that had two tasks meanwhile was put in order by one more update.
  const bySwarm = (rollingBack && history.ownRollback) || (state !== undefined && !service.PreviousSpec);
  const others = [
    ...differences(measure.planned, service.Spec),
    ...(bySwarm ? additions(measure.planned, service.Spec) : []),
  ];
  if (templateOf(snapshot) !== history.firstTemplate && others.length === 0)
    others.push('another task template');
  if (others.length > 0 || (measure.judgeStatus && bySwarm)) {
    const failures = failedAnywhere(snapshot, history);
    if (!bySwarm) return final('superseded', `somebody else changed the service: ${others.join(', ')}`);
    if (state === 'rollback_started') return wait('rolling back');
    if (state === 'rollback_paused')
      return final('paused', 'the rollback itself failed and paused', failures);
    return final('rolledBack', (rollingBack && service.UpdateStatus?.Message) || 'rolled back', failures);
  }

  const what = state === 'paused' ? 'update' : 'rollback';
  const message = service.UpdateStatus?.Message ?? '';
  // Whoever is only on the way has nothing to do with it; Swarm names the task.
  const failed = suspects(slots, history).filter((task) => hasFailed(task) || task.Status.Err);
  const named = snapshot.tasks.filter(({ ID }) => /task (\S+)$/.exec(message)?.[1] === ID);
  const paused = () => final('paused', message || `${what} paused`, [...new Set([...failed, ...named])]);
  if (state === 'paused' && (measure.judgeStatus || !history.leftPaused)) return paused();
  if (state === 'rollback_paused' && !history.leftPaused && !slots.allRunning) return paused();
  const under = (words: string) => waitsFor(slots, isPulling(history.pulls) ? 'pulling' : words);
  if ((state === 'paused' || state === 'rollback_paused') && isHeldUp(snapshot)) {
    const half = `an earlier ${what} paused half-way`;
    if (!measure.mayResume) return final('paused', half, suspects(slots, history));
    if (isBorne(snapshot, slots, measure.observeSeconds))
      return { state: 'resume', reason: `the ${what} that an earlier deploy left paused half-way` };
    // What made it fail may have been mended since, also while a task that was started before still fails of it.
    const isComing = slots.waiting.length > 0 || slots.ranFor < measure.observeSeconds;
    if (hopeless(history).length === 0 && isComing)
      return wait(under('starting, before Swarm goes on with what it paused'));
    const risk = 'to go on would stop what still serves, and what takes its place does not run';
    return final('paused', `${half}, and stays so: ${risk}`, suspects(slots, history));
  }

  const underWay = state === 'updating' || state === 'rollback_started';
  const late = lateCrashes(snapshot, history);
  const culprit = late[0];
  if (culprit) {
    const reason = `task ${slotOf(culprit)} was healthy and then crashed`;
    if (snapshot.now - since(culprit) < SETTLES_MS) return wait('a task crashed');
    if (canRollBack(snapshot, measure) && !rollingBack) return { state: 'rollBack', reason, culprits: late };
    if (!underWay) return final('timedOut', reason, late);
  }
  if (underWay) return wait(under(state === 'updating' ? 'updating' : 'rolling back'));

  // A slot that runs after all had failures that are over: of an image that was pushed late, for example.
  const lost = slots.allRunning ? [] : hopeless(history);
  if (lost[0]) return final('timedOut', `task ${slotOf(lost[0])} keeps failing`, lost);
  if (!slots.allRunning) return wait(under('starting'));
  const global = !service.Spec.Mode?.Replicated;
  if (global && slots.wanted === 0 && snapshot.now - deployBegan(snapshot) < GLOBAL_STARTS_MS)
    return wait('starting');
  // A node that is down never reports the end of its tasks, so this wait has an end of its own.
  const drainUntil = (history.settledAt ?? snapshot.now) + (measure.stopGraceSeconds + 10) * 1000;
  if (slots.draining.length > 0 && snapshot.now < drainUntil) return wait('stopping old tasks');
  if (slots.ranFor < measure.observeSeconds) return wait('observing');
  return final('converged', 'every slot runs what was planned');
}

/** Crashes count after an update at once; after a create only when all ran, since services find each other by retrying. */
function lateCrashes({ service }: Snapshot, history: History): Task[] {
  const strict =
    service.UpdateStatus?.State !== undefined && service.Spec.UpdateConfig?.FailureAction !== 'continue';
  return crashed(history)
    .filter((task) => strict || (history.settledOnce !== undefined && since(task) >= history.settledOnce))
    .sort((a, b) => since(b) - since(a));
}

function canRollBack({ service }: Snapshot, measure: Measure): boolean {
  return measure.mayRollBack && service.Spec.UpdateConfig?.FailureAction === 'rollback' && canGoBack(service);
}

/** After a rollback the failed tasks are on a specification that is gone; they are those made since the deploy began. */
function failedAnywhere(snapshot: Snapshot, history: History): Task[] {
  const began = deployBegan(snapshot);
  const shown = snapshot.tasks.filter(
    (task) =>
      !snapshot.upToDate.has(task.ID) &&
      Date.parse(task.CreatedAt) >= began &&
      (task.Status.Err || ['failed', 'rejected', 'complete'].includes(task.Status.State)),
  );
  const all = new Map([...history.failed.values(), ...shown].map((task) => [task.ID, task]));
  return [...all.values()].sort((a, b) => since(b) - since(a));
}

function suspects(slots: Slots, history: History): Task[] {
  const failed = [...history.failed.values()].sort((a, b) => since(b) - since(a));
  const stuck = [...slots.waiting].sort(
    (a, b) => Number(Boolean(b.Status.Err)) - Number(Boolean(a.Status.Err)),
  );
  const unscheduled = stuck.filter((task) => task.Status.State === 'pending' && task.Status.Err);
  return [...new Set([...unscheduled, ...failed, ...(failed.length > 0 ? [] : stuck)])];
}

function waitsFor(slots: Slots, otherwise: string): string {
  const stuck = slots.waiting.find((task) => task.Status.Err && task.Status.State === 'pending');
  return stuck ? `pending: ${stuck.Status.Err}` : otherwise;
}
