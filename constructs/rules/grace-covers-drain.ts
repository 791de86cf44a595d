import { Duration } from '../units';
import { serviceRule } from './rule';

/** Between the last request and the end of the process: time for the event loop to close down. */
const SLACK = Duration.seconds(5);

/**
 * A task that is killed while it still answers drops the requests in its hands.
 * @refuses a `stopGracePeriod` shorter than `drain`, `gracefulTimeout` and 5 s together, or of 0 s
 * @fix raise stopGracePeriod, or shorten the others
 */
export const graceCoversDrain = serviceRule('grace-covers-drain', function* ({ props }) {
  if (!props.drain && !props.gracefulTimeout) {
    if (props.stopGracePeriod.toMilliseconds() === 0) {
      yield {
        problem: 'has a stop grace period of 0s: it is killed at once',
        fix: 'set stopGracePeriod to 10 s or more',
      };
    }
    return;
  }
  const drain = props.drain ?? Duration.seconds(0);
  const gracefulTimeout = props.gracefulTimeout ?? Duration.seconds(0);
  const needed = drain.plus(gracefulTimeout).plus(SLACK);
  if (props.stopGracePeriod.isShorterThan(needed)) {
    yield {
      problem: `is killed after ${props.stopGracePeriod}, while draining (${drain}) and finishing requests (${gracefulTimeout}) can take longer`,
      fix: `set stopGracePeriod to ${needed} or more`,
    };
  }
});
