import type { TaskSpec } from '../../docker/answers';
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
  /** Its tasks, as the server has them. @default all as the provider writes it */
  readonly present?: TaskSpec | undefined;
}

/** A change of a service as far as its kind decides it. */
export type Parts = Omit<ServiceChange, 'service' | 'action' | 'drift' | 'seconds' | 'downtimeSeconds'> & {
  readonly estimate: Estimate;
};
