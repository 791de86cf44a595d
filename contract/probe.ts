/** What to request while a deploy is under way, and what is too bad. */
export interface ProbeSettings {
  /** Requested in turn, with GET. */
  readonly paths: readonly string[];
  /** Share of requests that may fail: no answer, or a status of 500 and above. @default 0 */
  readonly maxErrorRate?: number;
  /** Slowest answer but for one in a hundred. @default no limit */
  readonly maxP99Milliseconds?: number;
  /** `rollback` puts back every stateless service that the deploy changed. @default 'fail': the deploy fails, what runs stays */
  readonly onFailure?: 'fail' | 'rollback';
}
