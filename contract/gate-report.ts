import type { Outcome } from './outcome';

/** How a rollout ended. What a gate leaves as `<service>.json` in the folder `ROLLOUT_REPORTS`, and prints with `--json`. */
export interface GateReport {
  /** As in Swarm. */
  readonly service: string;
  readonly outcome: Outcome;
  readonly exitCode: number;
  readonly reason: string;
  readonly seconds: number;
  readonly running: number;
  readonly wanted: number;
  /** Tasks that this deploy made and that run. */
  readonly replaced: number;
  /** What the gate had Swarm go on with. @default - nothing was paused */
  readonly resumed?: string | undefined;
  readonly image?: string | undefined;
  readonly previousImage?: string | undefined;
  /** A hash of the specification that was judged. @default - none was seen */
  readonly specification?: string | undefined;
  /** When it was judged, by the manager's clock, ISO 8601. @default - nothing was seen */
  readonly at?: string | undefined;
  /** The most telling ones. */
  readonly tasks: readonly ReportedTask[];
}

/** In the folder, with what the gate printed for people. */
export interface KeptReport extends GateReport {
  readonly report: string;
}

export interface ReportedTask {
  readonly id: string;
  readonly slot: string;
  readonly node?: string | undefined;
  readonly state: string;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
  /** The last health check. */
  readonly health?: string | undefined;
  readonly log: readonly string[];
}
