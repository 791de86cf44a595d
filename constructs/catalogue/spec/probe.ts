/** What to request while a deploy is under way, four requests a second in all, and what is too bad. */
export interface ProbeSpec {
  /** Requested in turn, with GET. */
  readonly paths: readonly [`/${string}`, ...`/${string}`[]];
  /** Share of requests, 0 to 1, that may fail: no answer within 10 s, or a status of 500 and above. @default 0 */
  readonly maxErrorRate?: number;
  /** Slowest answer but for one in a hundred. @default no limit */
  readonly maxP99Milliseconds?: number;
  /** `rollback` stops the deploy at once and puts back every stateless service that it changed. @default 'fail': the deploy fails, what runs stays */
  readonly onFailure?: 'fail' | 'rollback';
}
