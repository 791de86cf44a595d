import type { Outcome } from '../../contract/outcome';
import type { Task } from '../docker/answers';
import type { Evidence } from '../docker/evidence';
import { ConnectionError, isConflict, isRefusal, refusalOf } from '../docker/explain';
import { deployBegan, hasFailed, newTasks, type Snapshot } from '../docker/snapshot';
import type { Swarm } from '../docker/swarm-client';
import { afterResume, beginHistory, type History, remember, rememberOutage } from './history';
import type { Progress } from './progress';
import { saysFailed } from './resume';
import { slotsOf } from './slots';
import { judge, type Measure } from './verdict';

export interface WatchOptions {
  readonly service: string;
  readonly swarm: Swarm;
  readonly measure: Omit<Measure, 'elapsedSeconds'> & {
    /** How long an image may be pulled for one slot, on top of the deadline. @default 0 */
    readonly pullSeconds?: number;
  };
  /** Called after every look. */
  readonly onProgress?: (progress: Progress, seconds: number) => void;
  readonly clock?: Clock;
}

/** Injected by tests. */
export interface Clock {
  /** Milliseconds, never going back. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

export interface Result {
  readonly service: string;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly progress: Progress;
  readonly seconds: number;
  readonly culprits: readonly Task[];
  readonly evidence: ReadonlyMap<string, Evidence>;
  /** The last that was seen; absent when nothing ever was. */
  readonly snapshot?: Snapshot;
  /** How many tasks this deploy made and runs. */
  readonly replaced: number;
  /** What the gate had Swarm go on with. @default - nothing was paused */
  readonly resumed?: string;
}

const POLL_MS = 700;
/** Where the next thing that happens may be the end: what is waited for longer than Swarm itself takes is this. */
const SOON_MS = 250;
/** Terraform has just spoken to the same host, so a first failure is hardly a long outage. */
const FIRST_CONTACT_SECONDS = 30;
const EVIDENCE_KEPT = 4;
/** A manager that has just lost the lead, or is far behind, answers with what was: so long "somebody else" may be nobody. */
const STALE_SECONDS = 6;

const REAL_CLOCK: Clock = {
  now: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/**
 * Looks at a service until its rollout is decided, for no longer than the deadline. A cut connection or a restarting
 * manager is waited out. It throws only what is a mistake in the program.
 */
export async function watch(options: WatchOptions): Promise<Result> {
  const { swarm, service, clock = REAL_CLOCK } = options;
  const began = clock.now();
  const elapsed = () => (clock.now() - began) / 1000;
  const evidence = new Map<string, Evidence>();
  const { pullSeconds, ...measure } = options.measure;
  let { deadlineSeconds } = measure;
  let history: History | undefined;
  let snapshot: Snapshot | undefined;
  let lostAt: number | undefined;
  let firstVersion: number | undefined;
  let goneAt: number | undefined;
  let own: { reason: string; culprits: readonly Task[] } | undefined;
  let resumed: string | undefined;
  let pause = POLL_MS;

  const end = (outcome: Outcome, reason: string, progress: Progress, culprits: readonly Task[]): Result => ({
    service,
    outcome,
    reason,
    progress,
    culprits,
    evidence,
    seconds: elapsed(),
    ...(snapshot ? { snapshot } : {}),
    ...(resumed ? { resumed } : {}),
    replaced: snapshot ? newTasks(snapshot).filter((task) => task.DesiredState === 'running').length : 0,
  });
  const unknown = (): Progress =>
    snapshot ? { ...slotsOf(snapshot), waitsFor: '' } : { running: 0, wanted: 0, waitsFor: '' };

  for (;;) {
    try {
      const answer = await swarm.snapshot(service);
      const older = snapshot && answer.service.Version.Index < snapshot.service.Version.Index;
      if (older && elapsed() < deadlineSeconds) {
        await clock.sleep(POLL_MS);
        continue;
      }
      goneAt = undefined;
      // An update that changes no task, such as somebody's of a label, restarts Swarm's own count.
      const known = (history && snapshot?.began) ?? Number.POSITIVE_INFINITY;
      snapshot = { ...answer, began: Math.min(known, deployBegan(answer)) };
      if (!history) firstVersion = snapshot.service.Version.Index;
      history ??= beginHistory(snapshot, measure.judgeStatus);
      if (lostAt !== undefined) history = rememberOutage(history, lostAt, snapshot.now);
      lostAt = undefined;
      const state = snapshot.service.UpdateStatus?.State;
      const moving = state === 'updating' || state === 'rollback_started';
      const { allRunning } = slotsOf(snapshot);
      pause = (allRunning && moving) || state === 'rollback_started' ? SOON_MS : POLL_MS;
      history = remember(history, snapshot, allRunning && !moving, pullSeconds);
      await collect(swarm, failedSince(snapshot), evidence);
      const verdict = judge(snapshot, history, {
        ...measure,
        // Once only: a second one would swap back to what crashes, and the wait must stay bounded.
        mayRollBack: measure.mayRollBack && !own,
        deadlineSeconds,
        elapsedSeconds: elapsed(),
      });
      const early = elapsed() < Math.min(STALE_SECONDS, deadlineSeconds);
      if (verdict.state === 'final' && early && !own && isOfOthers(verdict.outcome)) {
        options.onProgress?.({ ...verdict.progress, waitsFor: 'looking again' }, elapsed());
        const first = snapshot.service.Version.Index === firstVersion;
        if (first && !options.measure.judgeStatus) history = undefined;
      } else if (verdict.state === 'final') {
        const culprits = own?.culprits ?? verdict.culprits;
        await collect(swarm, culprits.slice(0, EVIDENCE_KEPT), evidence, 2 * EVIDENCE_KEPT);
        if (verdict.outcome === 'converged' && measure.mayResume && saysFailed(snapshot.service)) {
          await clearStatus(swarm, service, snapshot);
        }
        return end(
          verdict.outcome,
          own ? `${own.reason}; ${verdict.reason}` : verdict.reason,
          verdict.progress,
          culprits,
        );
      } else if (verdict.state === 'resume') {
        const refusal = await refusalOf(swarm.resume(service, snapshot.service));
        if (refusal !== undefined)
          return end('paused', `${verdict.reason} cannot be resumed: ${refusal}`, unknown(), []);
        resumed = verdict.reason;
        history = afterResume(history, snapshot);
        deadlineSeconds += elapsed() - history.pulls.seconds;
        options.onProgress?.({ ...unknown(), waitsFor: `resuming ${resumed}` }, elapsed());
      } else if (verdict.state === 'rollBack') {
        const refusal = await refusalOf(swarm.rollBack(service, snapshot.service));
        if (refusal !== undefined) {
          const reason = `${verdict.reason}, and Docker does not put the service back: ${refusal}`;
          await collect(swarm, verdict.culprits.slice(0, EVIDENCE_KEPT), evidence, 2 * EVIDENCE_KEPT);
          return end('timedOut', reason, unknown(), verdict.culprits);
        }
        own = { reason: verdict.reason, culprits: verdict.culprits };
        history = { ...history, ownRollback: true };
        deadlineSeconds += elapsed() - history.pulls.seconds;
      } else {
        options.onProgress?.(verdict.progress, elapsed());
      }
    } catch (error) {
      const gone = (error as { statusCode?: number }).statusCode === 404;
      if (gone) goneAt ??= elapsed();
      if (goneAt !== undefined && gone && elapsed() >= Math.min(goneAt + STALE_SECONDS, deadlineSeconds)) {
        return end(
          'superseded',
          `there is no service ${service}${snapshot ? ' any more: somebody removed it' : ''}`,
          unknown(),
          [],
        );
      }
      const conflict = isConflict(error);
      // A read asks for nothing that could be wrong: what the daemon cannot do at the moment, it may do later.
      const unable = isRefusal(error) && error.statusCode >= 500;
      if (!(error instanceof ConnectionError) && !conflict && !unable && !gone) throw error;
      if (!conflict && !gone) {
        const patience = history
          ? deadlineSeconds + history.pulls.seconds
          : Math.min(deadlineSeconds, FIRST_CONTACT_SECONDS);
        if (elapsed() >= patience || (error instanceof ConnectionError && !history && !error.mayPass))
          return end('unreachable', (error as Error).message.trim(), unknown(), []);
        // The manager's clock at the last look: the outage began after it.
        lostAt ??= snapshot?.now;
        options.onProgress?.(
          { ...unknown(), waitsFor: (error as Error).message.split('\n')[0] ?? '' },
          elapsed(),
        );
        swarm.reconnect();
      }
      pause = POLL_MS;
    }
    await clock.sleep(pause);
  }
}

/**
 * An earlier deploy's failure stays Swarm's last word where this one had nothing to change: an update without any change
 * takes it back, and restarts no task. It is a word and no more, so that nothing depends on it.
 */
async function clearStatus(swarm: Swarm, name: string, { service }: Snapshot): Promise<void> {
  try {
    await refusalOf(swarm.resume(name, service));
  } catch (error) {
    if (!(error instanceof ConnectionError) && !isConflict(error)) throw error;
  }
}

/** What is told of a specification that is not the planned one, and may only not be it yet. */
const isOfOthers = (outcome: Outcome): boolean => outcome === 'superseded' || outcome === 'rolledBack';

function failedSince(snapshot: Snapshot): Task[] {
  const began = deployBegan(snapshot);
  return snapshot.tasks.filter((task) => hasFailed(task) && Date.parse(task.CreatedAt) >= began);
}

/** At first sight, since Swarm removes containers and logs of failed tasks when it needs the room in its history. */
async function collect(
  swarm: Swarm,
  tasks: readonly Task[],
  evidence: Map<string, Evidence>,
  atMost = EVIDENCE_KEPT,
): Promise<void> {
  for (const task of tasks) {
    if (evidence.has(task.ID) || evidence.size >= atMost) continue;
    try {
      evidence.set(task.ID, await swarm.evidence(task));
    } catch (error) {
      if (!(error instanceof ConnectionError)) continue;
      throw error;
    }
  }
}
