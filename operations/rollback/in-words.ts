import type { ServiceSpec } from '../docker/answers';
import { replicasOf } from '../docker/snapshot';
import { currentPlan } from '../rollout/current-spec';
import { differences } from '../rollout/specification/differences';

/** The image, and what else differs. */
interface InWords {
  readonly from: string;
  readonly to: string;
}

/** What a service runs, and what it would run with its older specification. */
export function inWords(now: ServiceSpec, previous: ServiceSpec): InWords {
  const [was, is] = [replicasOf(previous), replicasOf(now)];
  const [from, to] = [imageOf(now), imageOf(previous)];
  const others =
    from === to ? [`with ${othersOf(now, previous).join(', ') || 'a restart of its tasks'}`] : [];
  const counted = (replicas: number | undefined) =>
    was === is || replicas === undefined ? [] : [`${replicas} replica${replicas === 1 ? '' : 's'}`];
  return {
    from: [from, ...counted(is)].join(', '),
    to: [to, ...counted(was), ...others].join(', '),
  };
}

const imageOf = (spec: ServiceSpec): string => spec.TaskTemplate.ContainerSpec?.Image ?? '?';

/** What each of the two has and the other has not, or otherwise. */
function othersOf(now: ServiceSpec, previous: ServiceSpec): string[] {
  const told = (planned: ServiceSpec, spec: ServiceSpec) =>
    differences({ ...currentPlan({ Spec: planned }), image: imageOf(spec), replicas: null }, spec);
  return [...new Set([...told(previous, now), ...told(now, previous)])];
}
