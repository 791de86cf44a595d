/** What to request while a deploy is under way, four requests a second in all, and what is too bad. */
export interface ProbeSpec {
  /**
   * Requested in turn, with GET.
   * @example paths: ['/users', '/exams']
   * @change restarts nothing
   */
  readonly paths: readonly [`/${string}`, ...`/${string}`[]];
  /**
   * Share of requests, 0 to 1, that may fail: no answer within 10 s, or a status of 500 and above.
   * @default 0
   * @example maxErrorRate: 0.01
   * @change restarts nothing
   */
  readonly maxErrorRate?: number;
  /**
   * Slowest answer but for one in a hundred.
   * @default no limit
   * @example maxP99Milliseconds: 2000
   * @change restarts nothing
   */
  readonly maxP99Milliseconds?: number;
  /**
   * What happens when it is too bad: `fail` lets what runs stay, `rollback` stops the deploy at once and puts back
   * every stateless service that it changed.
   * @default 'fail'
   * @example onFailure: 'rollback'
   * @change restarts nothing
   */
  readonly onFailure?: 'fail' | 'rollback';
}
