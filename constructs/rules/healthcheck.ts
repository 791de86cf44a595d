import { serviceRule } from './rule';

/**
 * Swarm takes a task without a health check for good as soon as its process runs, and sends it traffic.
 * @refuses a service without a health check, or one without a start period
 * @fix healthcheck: Healthcheck.http('/health')
 */
export const healthcheck = serviceRule('healthcheck', function* ({ props }) {
  if (props.healthcheck === undefined) {
    yield { problem: 'has no health check', fix: "set healthcheck, for example Healthcheck.http('/health')" };
  } else if (props.healthcheck.startPeriod.toMilliseconds() === 0) {
    yield {
      problem: 'has a health check without a start period: a slow start counts as failure',
      fix: 'set startPeriod to about the time that the image takes to start',
    };
  }
});
