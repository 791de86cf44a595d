import type { Target } from '../docker/target';

export interface RollbackOptions {
  readonly target: Target;
  readonly stack: string;
  readonly services: readonly string[];
  /** Otherwise it only shows what would come back. */
  readonly yes: boolean;
}
