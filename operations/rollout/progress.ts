import type { Outcome } from '../../contract/outcome';
import type { Task } from '../docker/answers';

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
