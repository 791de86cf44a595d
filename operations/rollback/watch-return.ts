import type { ServiceSpec } from '../docker/answers';
import type { Swarm } from '../docker/swarm-client';
import { currentPlan, currentTimings } from '../rollout/current-spec';
import { deadlineSeconds, timingsOf } from '../rollout/deadline';
import { type Result, watch } from '../rollout/watch';

/** Watches a service on its way back to an older specification, with the gate's own eyes; it rolls nothing back itself. */
export function watchReturn(swarm: Swarm, service: string, older: ServiceSpec): Promise<Result> {
  const timings = currentTimings({ Spec: older });
  const planned = currentPlan({ Spec: older });
  const { observeSeconds, stopGraceSeconds } = timingsOf(timings);
  return watch({
    service,
    swarm,
    measure: {
      planned,
      observeSeconds,
      stopGraceSeconds,
      deadlineSeconds: deadlineSeconds(timings, planned.replicas ?? 1),
      mayRollBack: false,
      judgeStatus: false,
    },
  });
}
