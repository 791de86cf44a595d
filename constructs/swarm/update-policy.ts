import { Duration } from '../units';

export type UpdateOrder = 'start-first' | 'stop-first';
export type FailureAction = 'pause' | 'continue' | 'rollback';

export interface UpdatePolicyOptions {
  /**
   * Tasks replaced at once.
   * @default 1
   * @example parallelism: 2
   * @change restarts nothing
   */
  readonly parallelism?: number;
  /**
   * Wait between two slots; at least `monitor`.
   * @default 10 s
   * @example delay: Duration.seconds(20)
   * @change restarts nothing
   */
  readonly delay?: Duration;
  /**
   * How long Swarm watches a new task for failure.
   * @default 10 s
   * @example monitor: Duration.seconds(20)
   * @change restarts nothing
   */
  readonly monitor?: Duration;
  /**
   * Share of tasks that may fail before `failureAction`.
   * @default 0
   * @example maxFailureRatio: 0.1
   * @change restarts nothing
   */
  readonly maxFailureRatio?: number;
  /**
   * What Swarm does when too many tasks failed.
   * @default 'rollback', for stateful services 'pause'
   * @example failureAction: 'pause'
   * @change restarts nothing
   */
  readonly failureAction?: FailureAction;
  /**
   * How long the rollout gate watches the new tasks after the last of them runs; a crash later than Swarm's monitor
   * is seen by it alone.
   * @default 30 s
   * @example observe: Duration.seconds(60)
   * @change restarts nothing
   */
  readonly observe?: Duration;
  /**
   * How long the rollout gate waits for the image to be pulled, for each task: such time comes on top of what a rollout
   * may take, so that nodes which pull one after the other have it each. A registry that does not answer then costs as
   * much. The default lets an image of 2 GB come over 20 Mbit/s, which takes 14 minutes.
   * @default 15 min
   * @example pullTimeout: Duration.minutes(40)
   * @change restarts nothing
   */
  readonly pullTimeout?: Duration;
}

/** Docker's `update_config`, and the `rollback_config` that follows from it: same order, pause when it fails. */
export class UpdatePolicy {
  /** The new task runs and is healthy before the old one stops. */
  static startFirst(options: UpdatePolicyOptions = {}): UpdatePolicy {
    return new UpdatePolicy('start-first', { failureAction: 'rollback', ...options });
  }

  /** The old task stops first: an interruption, for what cannot run twice. */
  static stopFirst(options: UpdatePolicyOptions = {}): UpdatePolicy {
    return new UpdatePolicy('stop-first', { failureAction: 'pause', ...options });
  }

  readonly parallelism: number;
  readonly delay: Duration;
  readonly monitor: Duration;
  readonly maxFailureRatio: number;
  readonly failureAction: FailureAction;
  readonly observe: Duration;
  readonly pullTimeout: Duration;

  private constructor(
    readonly order: UpdateOrder,
    options: UpdatePolicyOptions,
  ) {
    this.parallelism = options.parallelism ?? 1;
    this.delay = options.delay ?? Duration.seconds(10);
    this.monitor = options.monitor ?? Duration.seconds(10);
    this.maxFailureRatio = options.maxFailureRatio ?? 0;
    this.failureAction = options.failureAction ?? 'rollback';
    this.observe = options.observe ?? Duration.seconds(30);
    this.pullTimeout = options.pullTimeout ?? Duration.minutes(15);
    if (!Number.isInteger(this.parallelism) || this.parallelism < 1) {
      throw new Error(
        `update policy: parallelism ${this.parallelism}\n  expected 1 or more; Docker reads 0 as "all at once"`,
      );
    }
    if (this.delay.isShorterThan(this.monitor)) {
      throw new Error(
        `update policy: delay ${this.delay} is shorter than monitor ${this.monitor}\n  Swarm would touch the next task before it judged this one: set delay to ${this.monitor} or more`,
      );
    }
    if (!(this.maxFailureRatio >= 0 && this.maxFailureRatio <= 1)) {
      throw new Error(`update policy: maxFailureRatio ${this.maxFailureRatio}\n  expected 0 to 1`);
    }
  }

  /** The ratio as the provider reads it back; "0" would differ from "0.0" in each plan. */
  get maxFailureRatioText(): string {
    return Number.isInteger(this.maxFailureRatio)
      ? this.maxFailureRatio.toFixed(1)
      : String(this.maxFailureRatio);
  }
}
