import type { limitsOf } from '../../../operations/rollout/deadline';
import type { Result } from '../../../operations/rollout/watch';
import type { ServiceStatus } from '../../../operations/status/model';
import type { SimulatedDocker } from '../api/docker';
import type { Scenario } from '../scenario/ingredients';
import type { Spec } from '../swarm/records';
import type { World } from '../world/world';

/** `status` at one moment. */
export interface StatusLook {
  readonly at: number;
  /** When it asked which services there are. */
  readonly listedAt: number;
  readonly services: readonly ServiceStatus[];
}

/** What a history was, for the judge. */
export interface Played {
  readonly scenario: Scenario;
  readonly world: World;
  readonly docker: SimulatedDocker;
  readonly deployAt: number;
  readonly watchedFrom: number;
  /** Something was deployed that was not so before. */
  readonly changes: boolean;
  /** It is on its way back. */
  readonly returns?: boolean;
  /** What was planned. */
  readonly planned: Spec;
  readonly limits: ReturnType<typeof limitsOf>;
  /** When the verdict was told, and of when were the answers behind it. */
  readonly told: { readonly service: number; readonly tasks: number; readonly current: number };
  readonly endedAt: number;
  readonly firstLook: number;
  readonly result?: Result | undefined;
  /** What was said on the way, of the connection among others. */
  readonly said: readonly string[];
  /** What was thrown, which is our own fault. */
  readonly thrown?: unknown;
  /** What was done after the verdict. */
  readonly back?: Played | undefined;
  /** What `status` said at the end. */
  readonly status?: StatusLook | undefined;
}

/** As it is at this moment: both go on. */
export const ended = ({ agenda }: World, { told, first }: SimulatedDocker) => ({
  firstLook: first ?? agenda.now,
  endedAt: agenda.now,
  told: { ...told },
});
