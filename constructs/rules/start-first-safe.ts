import { serviceRule } from './rule';

/**
 * start-first runs two tasks at once: a host port would never be free, a volume would have two writers.
 * @refuses start-first for a service with a port of the node or a volume of its own
 * @fix UpdatePolicy.stopFirst()
 */
export const startFirstSafe = serviceRule('start-first-safe', function* ({ props }) {
  if (props.updatePolicy.order !== 'start-first') return;
  for (const port of props.publishedPorts) {
    if (port.mode === 'host') {
      yield {
        problem: `start-first with the host-mode port ${port.published}: the new task waits forever for the old one's port`,
        fix: 'use UpdatePolicy.stopFirst(), or put the edge in front',
      };
    }
  }
  for (const mount of props.mounts ?? []) {
    if (mount.type === 'volume' && !mount.shared && !mount.readOnly) {
      yield {
        problem: `start-first with the exclusive volume ${mount.name}: two tasks would write it at once`,
        fix: 'use UpdatePolicy.stopFirst(), or declare the volume as shared where several tasks may write it',
      };
    }
  }
});
