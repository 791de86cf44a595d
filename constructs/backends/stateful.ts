import { type OverlayNetwork, type Resources, UpdatePolicy } from '../swarm';
import { Duration, type ImageRef } from '../units';

export interface StatefulProps {
  readonly image: ImageRef;
  readonly limits: Resources;
  readonly reservations: Resources;
  readonly network: OverlayNetwork;
  readonly placement?: string | undefined;
  readonly stopGracePeriod?: Duration | undefined;
  readonly updatePolicy?: UpdatePolicy | undefined;
  readonly acknowledge?: Readonly<Partial<Record<string, string>>> | undefined;
}

/** What all stateful services share: one task, stop-first, pause on failure, on the node that has the volume. */
export const statefulDefaults = (props: StatefulProps) => ({
  image: props.image,
  limits: props.limits,
  reservations: props.reservations,
  network: props.network,
  stateful: true,
  replicas: 1,
  updatePolicy: props.updatePolicy ?? UpdatePolicy.stopFirst(),
  // Swarm starts the next task after 60 s whether or not this one is gone: below that, two never run at once.
  stopGracePeriod: props.stopGracePeriod ?? Duration.seconds(55),
  constraints: [props.placement ?? 'node.role==manager'],
  acknowledge: props.acknowledge ?? {},
});
