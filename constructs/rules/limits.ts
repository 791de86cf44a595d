import { serviceRule } from './rule';

/**
 * Without limits one service takes the node from all others; a reservation above its limit can never be used.
 * @refuses a service without limits, and reservations above its limits
 * @fix set limits: { cpus, memory }
 */
export const limits = serviceRule('limits', function* ({ props: { limits, reservations } }) {
  if (limits === undefined) {
    yield { problem: 'has no limits', fix: 'set limits: { cpus, memory }' };
    return;
  }
  if (reservations.memory.toBytes() > limits.memory.toBytes()) {
    yield {
      problem: `reserves ${reservations.memory} of memory, more than its limit of ${limits.memory}`,
      fix: `lower the reservation to ${limits.memory} or less, or raise the limit`,
    };
  }
  if (reservations.cpus.toNanoCpus() > limits.cpus.toNanoCpus()) {
    yield {
      problem: `reserves ${reservations.cpus}, more than its limit of ${limits.cpus}`,
      fix: `lower the reservation to ${limits.cpus} or less, or raise the limit`,
    };
  }
});
