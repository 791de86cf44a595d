import { type Finding, failure, ok } from '../terminal/finding';
import type { EngineInfo } from './context';

/** The oldest engine whose API has all that gates and provider ask for (1.41). */
const OLDEST = [20, 10] as const;

/** The engine is new enough and a manager of a Swarm. */
export function judgeDaemon(info: EngineInfo, host: string): Finding[] {
  const [major = 0, minor = 0] = info.version.split('.').map(Number);
  const old = major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
  return [
    old
      ? failure(
          'engine',
          `Docker ${info.version} at ${host} is too old`,
          'install Docker Engine 20.10 or later',
        )
      : ok('engine', `Docker ${info.version} at ${host}`),
    info.manager
      ? ok('swarm', 'a manager of the Swarm')
      : failure(
          'swarm',
          info.swarm === 'active'
            ? 'the node is a worker, not a manager'
            : `the node is not in a Swarm (${info.swarm || 'inactive'})`,
          info.swarm === 'active'
            ? 'point VPS_HOST at a manager, or promote it: docker node promote <node>'
            : 'run `docker swarm init` there',
        ),
  ];
}
