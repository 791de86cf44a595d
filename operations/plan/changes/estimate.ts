import type { ServiceView } from './service-view';

/**
 * How long things take, in seconds, as the service itself says. They hold for tasks that are up at their first probe:
 *
 * - A task counts as started once its first probe has passed: one `interval` of its health check and at most one
 *   `timeout` for the answer. Without a health check, or where clients reach it by a port of the node and so do not wait
 *   for its health, it is the process alone, `PROCESS`.
 * - The old one is gone after its drain, which the launcher's `--drain` says; where there is none, at once. A grace
 *   period is a limit, and no estimate.
 * - A roll replaces `parallelism` tasks at a time and waits `delay` before the next. Start-first, the old ones drain
 *   beside it; stop-first, their drain comes on top.
 *
 * Not in it: pulling the image, and the time the gate then watches the new tasks for.
 */
export interface Estimate {
  /** Until the last task is replaced. */
  readonly seconds: number;
  /** While no task serves. */
  readonly downtimeSeconds: number;
  /** What a slow start may take more than Docker's usual, each; the health check's `start_period`. */
  readonly slowStartSeconds?: number;
}

/** Seen of the edge, whose update interrupts for about one second: 431 of 112,558 requests, 8 connections (facts of the benchmark in decision 05). */
const PROCESS = 1;
/** What Terraform and the gate take from the one's last step to the other's first: seen, 19 s in all with a monitor of 10 s. */
const NEXT_STEP = 5;
/** This project's default: a longer one says that the service boots slowly. */
const USUAL_START_PERIOD = 30;

export const startSeconds = ({ health, hostPort }: ServiceView): number =>
  !health || hostPort ? PROCESS : health.interval + health.timeout;

/**
 * Tasks that are replaced by an update in place.
 *
 * @param present how many run before: one that is added serves no sooner than the present ones have stopped
 */
export function estimateRoll(view: ServiceView, present = view.replicas ?? 1): Estimate {
  const tasks = view.replicas ?? 1;
  const roundsOf = (count: number) => {
    const atOnce = view.parallelism === 0 ? count : Math.min(view.parallelism, count);
    return Math.max(1, Math.ceil(count / Math.max(1, atOnce)));
  };
  const rounds = roundsOf(tasks);
  const stopFirst = view.order === 'stop-first';
  const round = startSeconds(view) + (stopFirst ? view.drain : 0);
  return {
    seconds: rounds * round + (rounds - 1) * view.delay,
    downtimeSeconds: stopFirst && roundsOf(Math.min(tasks, present)) === 1 ? round : 0,
    ...slowStart(view),
  };
}

/** All tasks go, then all come. */
export function estimateReplacement(view: ServiceView): Estimate {
  const all = view.drain + startSeconds(view);
  return { seconds: all, downtimeSeconds: all, ...slowStart(view) };
}

/**
 * A port from when one service's task stops to listen until another's serves.
 *
 * @param giver as it will be; undefined for one that is removed. One that stays is watched by Swarm until its update
 *   counts as completed: if it fails before, it goes back to the port, which must be free then
 */
export function estimateMove(giver: ServiceView | undefined, taker: ServiceView): number {
  if (!giver) return NEXT_STEP + taker.drain + startSeconds(taker);
  const own = giver.order === 'stop-first' ? startSeconds(giver) : 0;
  return own + giver.monitor + NEXT_STEP + startSeconds(taker);
}

/** New tasks beside the present ones. */
export const estimateStart = (view: ServiceView): Estimate => ({
  seconds: startSeconds(view),
  downtimeSeconds: 0,
  ...slowStart(view),
});

const slowStart = ({ health }: ServiceView) =>
  health && health.startPeriod > USUAL_START_PERIOD ? { slowStartSeconds: health.startPeriod } : {};
