import { posix } from 'node:path';
import { serviceRule } from './rule';

/** The host's root, and the folders that hold the Docker socket: /var/run is a link to /run. */
const OPEN_DOORS = ['/', '/run', '/var/run'];

/**
 * Whoever can write the Docker socket or the host's root is root on the node.
 * @refuses mounts of the host's root, /run, /var/run or a Docker socket
 * @fix remove the mount
 */
export const noHostMount = serviceRule('no-host-mount', function* ({ props }) {
  for (const mount of props.mounts ?? []) {
    if (mount.type !== 'bind') continue;
    const source = posix.resolve('/', mount.source);
    if (OPEN_DOORS.includes(source) || source.endsWith('docker.sock')) {
      yield {
        problem: `mounts ${mount.source} of the host: whoever breaks into it is root on the node`,
        fix: 'remove the mount',
      };
    }
  }
});
