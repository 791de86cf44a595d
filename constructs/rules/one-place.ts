import type { Mount, SwarmService } from '../swarm';
import { serviceRule } from './rule';

/** What tasks of one service share, on one node. */
export const sharedVolumesOf = ({ props }: SwarmService): Extract<Mount, { type: 'volume' }>[] =>
  (props.mounts ?? []).filter((mount) => mount.type === 'volume').filter(({ shared }) => shared);

/**
 * A volume is its node's: where tasks of one service run on several, each writes and reads another one.
 * @refuses a shared volume of a service that several nodes may take
 * @fix a placement that one node fulfils, or acknowledge it where the volumes are one, on a network
 */
export const onePlace = serviceRule('one-place', function* (service, { node }) {
  const [volume] = sharedVolumesOf(service);
  const { constraints = [] } = service.props;
  const anyNode = constraints.every((constraint) =>
    /^\s*node\.role\s*(==\s*worker|!=\s*manager)\s*$/i.test(constraint),
  );
  if (!volume || (node.count ?? 1) < 2 || !anyNode) return;
  yield {
    problem: `shares the volume ${volume.name} among tasks that may run on each of ${node.count} nodes, and each node has one of its own`,
    fix: "set placement to what one node alone fulfils: 'node.labels.<name>==true'",
  };
});
