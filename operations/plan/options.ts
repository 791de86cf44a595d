/** What a plan is asked to do. */
export interface PlanOptions {
  readonly environment: string;
  readonly json: boolean;
  /** A file for the comment of a pull request. */
  readonly markdown?: string;
  readonly acknowledge: readonly string[];
  /** Fail when the policy would stop a deploy of this plan. */
  readonly gate: boolean;
  /** Read everything from the server, though a record proves that nothing has changed. */
  readonly refresh: boolean;
}
