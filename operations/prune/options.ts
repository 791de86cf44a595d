import type { Target } from '../docker/target';

export interface PruneOptions {
  readonly target: Target;
  /** The namespace. */
  readonly stack: string;
  /** Otherwise it only shows what would go. */
  readonly yes: boolean;
}
