import type { Present } from './differences';
import type { Estimate } from './estimate';
import type { ServiceChange } from './model';

/** What a service is, besides what the plan says. */
export interface Known {
  /** Its data may have moved on: no way back without a backup. */
  readonly stateful: boolean;
  /** Who waits while it restarts. @default clients */
  readonly whoWaits?: string | undefined;
  /** Nobody asks it anything: its restart is no downtime. */
  readonly background: boolean;
  /** As the server has it. @default all in the order in which the provider writes it */
  readonly present?: Present | undefined;
}

/** A change of a service as far as its kind decides it. */
export type Parts = Omit<ServiceChange, 'service' | 'action' | 'drift' | 'seconds' | 'downtimeSeconds'> & {
  readonly estimate: Estimate;
};
