import type { SwarmService } from '../swarm';
import type { Rule } from './rule';

/**
 * A volume that one service needs for itself (a database's files) and another mounts too ends in corruption.
 * @refuses a volume that two services write, or several replicas of one, unless it is shared
 * @fix a volume of its own, one replica, or a shared volume
 */
export const oneWriter: Rule<'one-writer'> = {
  name: 'one-writer',
  check: ({ services }) =>
    services.flatMap((service) =>
      volumesOf(service).flatMap((volume) => {
        if (volume.readOnly) return [];
        const owner = services.find(
          (other) =>
            other !== service &&
            volumesOf(other).some((mount) => mount.name === volume.name && !mount.shared && !mount.readOnly),
        );
        if (owner) {
          return [
            {
              service,
              problem: `writes the volume ${volume.name}, which ${owner.node.id} needs for itself`,
              fix: 'give it a volume with a name of its own',
            },
          ];
        }
        if (!volume.shared && service.props.replicas > 1) {
          return [
            {
              service,
              problem: `has ${service.props.replicas} replicas that all write the exclusive volume ${volume.name}`,
              fix: 'set replicas to 1, or declare the volume as shared where several tasks may write it',
            },
          ];
        }
        return [];
      }),
    ),
};

const volumesOf = ({ props }: SwarmService) =>
  (props.mounts ?? []).filter((mount) => mount.type === 'volume');
