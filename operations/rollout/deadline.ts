import type { RolloutTimings } from '../../contract/rollout';

/** For a slow manager and for what no setting tells. */
export const SLACK_SECONDS = 120;
/** Crashes that come with the first requests or a full cache are later than Swarm's usual monitor. */
export const OBSERVE_SECONDS = 30;

/** As the catalogue's default: an image of 2 GB over 20 Mbit/s takes 14 minutes. */
export const PULL_SECONDS = 900;

export interface Timings {
  readonly startSeconds: number;
  readonly delaySeconds: number;
  readonly monitorSeconds: number;
  readonly stopGraceSeconds: number;
  readonly parallelism: number;
  readonly observeSeconds: number;
}

/** Fills in Docker's defaults. */
export function timingsOf(given: RolloutTimings = {}): Timings {
  const monitorSeconds = given.monitorSeconds ?? 5;
  return {
    // A task is given up after so many failed checks; each takes up to its time-out after its interval.
    startSeconds:
      (given.startPeriodSeconds ?? 0) +
      Math.max(1, given.healthRetries ?? 3) *
        ((given.healthIntervalSeconds ?? 30) + (given.healthTimeoutSeconds ?? 30)),
    delaySeconds: given.delaySeconds ?? 0,
    monitorSeconds,
    stopGraceSeconds: given.stopGraceSeconds ?? 10,
    parallelism: given.parallelism ?? 1,
    observeSeconds: given.observeSeconds ?? Math.max(monitorSeconds, OBSERVE_SECONDS),
  };
}

/**
 * How long a rollout may take before it counts as stuck: every wave to start, to stop and to wait, the last one to be
 * watched, and once more the same for Swarm to put everything back. Images that are pulled meanwhile come on top.
 */
export function deadlineSeconds(given: RolloutTimings = {}, replicas = 1): number {
  if (typeof given.deadlineSeconds === 'number') return given.deadlineSeconds;
  const t = timingsOf(given);
  const waves = Math.max(1, t.parallelism === 0 ? 1 : Math.ceil(replicas / t.parallelism));
  const once =
    waves * (t.startSeconds + t.stopGraceSeconds) + (waves - 1) * t.delaySeconds + t.monitorSeconds;
  return Math.ceil(2 * once + t.observeSeconds + SLACK_SECONDS);
}

/** What a watch of a service measures with, in seconds. A global service has no number of replicas. */
export function limitsOf(timings: RolloutTimings | null | undefined, replicas: number | null | undefined) {
  const given = timings ?? {};
  const { observeSeconds, stopGraceSeconds } = timingsOf(given);
  return {
    observeSeconds,
    stopGraceSeconds,
    deadlineSeconds: deadlineSeconds(given, replicas ?? 1),
    // Who names the whole wait means the whole.
    pullSeconds: typeof given.deadlineSeconds === 'number' ? 0 : (given.pullSeconds ?? PULL_SECONDS),
  };
}
