import { Duration } from '../units';
import { serviceRule } from './rule';

/** swarmkit's defaultOldTaskTimeout is 60 s: after it, the new task starts whether or not the old one is gone. */
const LONGEST_GRACE = Duration.seconds(55);

/**
 * Data in a local volume has one writer, on one node, and is never rolled back by a machine.
 * @refuses a stateful service that has no volume or placement, is not one task, does not stop first and pause, or may
 * take more than 55 s to stop
 * @fix see statefulDefaults
 */
export const statefulShape = serviceRule('stateful-shape', function* ({ props }) {
  if (!props.stateful) return;
  if (props.replicas !== 1) {
    yield {
      problem: `is stateful with ${props.replicas} replicas`,
      fix: 'set replicas to 1: its volume has one writer',
    };
  }
  if (props.updatePolicy.order !== 'stop-first' || props.updatePolicy.failureAction !== 'pause') {
    yield {
      problem: `is stateful with ${props.updatePolicy.order} and failure_action ${props.updatePolicy.failureAction}`,
      fix: 'use UpdatePolicy.stopFirst(): an older binary may not read what a newer one wrote',
    };
  }
  if (LONGEST_GRACE.isShorterThan(props.stopGracePeriod)) {
    yield {
      problem: `is stateful with a stop grace period of ${props.stopGracePeriod}; Swarm starts the next task after 60s`,
      fix: `set stopGracePeriod to ${LONGEST_GRACE} or less`,
    };
  }
  if (!props.constraints?.length) {
    yield {
      problem:
        'is stateful without a placement constraint: on another node it would start with an empty volume',
      fix: "set placement: 'pinned', or 'node.role==manager' while there is one manager",
    };
  }
  if (!(props.mounts ?? []).some((mount) => mount.type === 'volume')) {
    yield { problem: 'is stateful without a named volume', fix: 'mount a volume for its data' };
  }
});
