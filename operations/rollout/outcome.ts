import type { Task } from './snapshot';

/** How a rollout ended, one word each. */
export type Outcome = 'converged' | 'rolledBack' | 'timedOut' | 'paused' | 'superseded' | 'unreachable';

/** One exit code each; 64 is a wrong invocation. */
export const EXIT_CODES: Readonly<Record<Outcome, number>> = {
  converged: 0,
  rolledBack: 2,
  timedOut: 3,
  paused: 4,
  superseded: 5,
  unreachable: 6,
};
export const EXIT_USAGE = 64;

/** For several services: the worst comes first. */
const WORST_FIRST: readonly Outcome[] = [
  'rolledBack',
  'paused',
  'timedOut',
  'superseded',
  'unreachable',
  'converged',
];

export function worst(outcomes: readonly Outcome[]): Outcome {
  return WORST_FIRST.find((outcome) => outcomes.includes(outcome)) ?? 'converged';
}

/** Where the rollout stands. */
export interface Progress {
  /** Slots that run what was planned, healthy. */
  readonly running: number;
  readonly wanted: number;
  /** What it waits for, in words. */
  readonly waitsFor: string;
}

export type Verdict =
  | { readonly state: 'waiting'; readonly progress: Progress }
  /** Swarm calls it done, but a new task crashed since: put the service back, and judge again. */
  | { readonly state: 'rollBack'; readonly reason: string; readonly culprits: readonly Task[] }
  /** Swarm waits in the middle of what was planned: have it go on with `reason`, and judge again. */
  | { readonly state: 'resume'; readonly reason: string }
  | {
      readonly state: 'final';
      readonly outcome: Outcome;
      readonly reason: string;
      /** The tasks to show, the most telling first. */
      readonly culprits: readonly Task[];
      readonly progress: Progress;
    };
