import type { Target } from '../docker/target';

export interface SecurityOptions {
  readonly target: Target;
  readonly stack: string;
  /** Services with data, which only applications have to reach. */
  readonly backends: readonly string[];
  /** Where clients come in. */
  readonly entrance: Entrance;
  /** `row` or `row:service`: known, and not counted. */
  readonly accept: readonly string[];
  readonly json: boolean;
}

export interface Entrance {
  readonly host: string;
  readonly https: number;
  readonly http: number;
  readonly serverName?: string;
}
