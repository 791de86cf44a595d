import type { ServiceSpec } from '../docker/answers';
import type { Swarm } from '../docker/swarm-client';
import { currentPlan, currentTimings } from '../rollout/current-spec';
import { limitsOf } from '../rollout/deadline';
import { type Clock, type Result, watch } from '../rollout/watch';

/** Watches a service on its way back to an older specification, with the gate's own eyes; it rolls nothing back itself. */
export function watchReturn(
  swarm: Swarm,
  service: string,
  older: ServiceSpec,
  clock?: Clock,
): Promise<Result> {
  const planned = currentPlan({ Spec: older });
  return watch({
    service,
    swarm,
    ...(clock ? { clock } : {}),
    measure: {
      planned,
      ...limitsOf(currentTimings({ Spec: older }), planned.replicas),
      mayRollBack: false,
      judgeStatus: false,
    },
  });
}
