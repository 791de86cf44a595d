import type { Outcome } from '../../contract/outcome';
import type { HostResult } from '../host/prepare';
import type { ReadablePlan } from '../plan/changes/model';
import type { ProbeReport } from '../probe/statistics';
import type { Console } from '../terminal/console';
import type { Finding } from '../terminal/finding';
import type { VerdictRow } from './verdict';

/** What `--json` prints, one object. Fields are only ever added. */
export interface DeployResult {
  /** As Terraform knows it; empty when synth failed. */
  readonly stack: string;
  readonly environment: string;
  /**
   * `converged`: every gate passed. `unchanged`: there was nothing to do. `unwell`: the same, and a service does not run as it should. `preflight`: stopped before anything changed.
   * `refused`: the policy stopped it, or nobody said yes. `probe`: all gates passed, the traffic did not. `interrupted`, `failed`: anything else.
   */
  readonly outcome:
    | Outcome
    | 'unchanged'
    | 'unwell'
    | 'preflight'
    | 'refused'
    | 'probe'
    | 'interrupted'
    | 'failed';
  readonly exitCode: number;
  readonly seconds: number;
  /** The stack `host`: steps that differed, and those that ran. Null where the environment leaves its server as it is. */
  readonly host?: HostResult | null;
  readonly preflight: readonly Finding[];
  readonly plan: ReadablePlan | null;
  readonly services: readonly VerdictRow[];
  readonly probe: (ProbeReport & { readonly breaches: readonly string[] }) | null;
  /** What runs at the end, counted from tasks. Empty when nothing was applied or the server could not be asked. */
  readonly runs: readonly { readonly service: string; readonly running: string }[];
  /**
   * The number under which the server keeps a record of it; null where it could not be kept. Absent where nothing was applied,
   * unless the release before did not converge: then there is one that says that all is well since.
   */
  readonly release?: number | null;
  readonly error: string | null;
}

/** Ends a deploy with what is known of it by then. */
export type End = (
  result: Partial<DeployResult> & Pick<DeployResult, 'outcome' | 'exitCode'>,
) => DeployResult;

/** Ends one that is not begun, and says why. */
export type Refuse = (error: string, more?: Partial<DeployResult>) => DeployResult;

export const refusing =
  (console: Console, end: End): Refuse =>
  (error, more = {}) => {
    console.fault(error);
    return end({ ...more, outcome: 'refused', exitCode: 1, error });
  };
