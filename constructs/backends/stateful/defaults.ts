import type { Place, StatefulSpec } from '../../catalogue/spec/backend';
import { SwarmStack, UpdatePolicy } from '../../swarm';
import { Duration } from '../../units';
import { pinnedTo, placeLabel } from '../../units/place-label';

/** What all stateful services share: one task, stop-first, pause on failure, on the node that has the volume. */
export const statefulDefaults = (at: Place, spec: StatefulSpec) => ({
  image: at.image,
  limits: at.limits,
  reservations: at.reservations,
  network: at.network,
  stateful: true,
  replicas: 1,
  updatePolicy: spec.updatePolicy ?? UpdatePolicy.stopFirst(),
  // Swarm starts the next task after 60 s whether or not this one is gone: below that, two never run at once.
  stopGracePeriod: spec.stopGracePeriod ?? Duration.seconds(55),
  constraints: [constraintOf(at, spec.placement)],
  acknowledge: spec.acknowledge ?? {},
});

/** A step of the deploy sets the label that `pinned` asks for, before the service. */
const constraintOf = ({ scope, id }: Place, placement = 'node.role==manager'): string =>
  placement === 'pinned' ? pinnedTo(placeLabel(SwarmStack.of(scope).namespace, id)) : placement;
