import { serviceRule } from './rule';

/**
 * `on-failure` leaves a task down that ended with 0; a limit of attempts makes an outage permanent.
 * @refuses a restart policy other than `any`, and a limit of attempts
 * @fix leave restartPolicy out
 */
export const restartAny = serviceRule('restart-any', function* ({ props: { restartPolicy } }) {
  if (restartPolicy.condition !== 'any') {
    yield {
      problem: `restarts its tasks only "${restartPolicy.condition}"`,
      fix: "set restartPolicy's condition to 'any', or leave it out",
    };
  }
  if (restartPolicy.maxAttempts !== undefined) {
    yield {
      problem: `gives up after ${restartPolicy.maxAttempts} restarts`,
      fix: "leave restartPolicy's maxAttempts out",
    };
  }
});
