import type { PlannedRollout } from './rollout';
import type { Shell } from './shell';

/** Names of services whose published ports wait for another service of the same deploy; set by the deploy for its gates. */
export const HANDOVER = 'ROLLOUT_HANDOVER';

/**
 * A gate whose service gives up a port ends with Swarm's own verdict: each second that it goes on to watch is one in which
 * nobody has the port. The deploy looks at the service again at its end.
 */
export function handingOver(rollout: PlannedRollout, env: Shell): PlannedRollout {
  const names = (env[HANDOVER] ?? '').split(',');
  if (!names.includes(rollout.service)) return rollout;
  return { ...rollout, timings: { ...rollout.timings, observeSeconds: 0 } };
}
