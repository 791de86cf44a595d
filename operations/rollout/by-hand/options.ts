import type { Target } from '../../docker/target';

/** The gate run by hand. */
export interface RolloutOptions extends Omit<Target, 'publicHost'> {
  readonly json: boolean;
  readonly rollBack: boolean;
  readonly deadlineSeconds?: number;
  readonly observeSeconds?: number;
  readonly names: readonly string[];
}
