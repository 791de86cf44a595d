import type { Target } from '../docker/target';

export interface HardeningOptions {
  readonly target: Target;
  readonly stack: string;
  /** As in the catalogue. */
  readonly service: string;
  /** What it runs with. */
  readonly hardening: Hardening;
}

/** What a container may still do. */
export interface Hardening {
  /** @default the service's own */
  readonly user?: string | undefined;
  readonly capAdd: readonly string[];
  /** Folders in memory, where everything else is read-only. */
  readonly tmpfs: readonly string[];
  readonly readOnlyRoot: boolean;
}
