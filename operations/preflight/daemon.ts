import { type Finding, failure, ok, warning } from '../terminal/finding';
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
    judgeSwarm(info),
  ];
}

/** A Swarm that does not start is one all the same: leaving it, or a new one in its place, loses every secret. */
function judgeSwarm({ manager, swarm, swarmError }: EngineInfo): Finding {
  if (manager) return ok('swarm', 'a manager of the Swarm');
  switch (swarm) {
    case 'active':
      return failure(
        'swarm',
        'the node is a worker, not a manager',
        'point VPS_HOST at a manager, or promote it: docker node promote <node>',
      );
    case 'error':
      return failure(
        'swarm',
        `the Swarm does not start: ${swarmError.split('\n')[0] || 'Docker does not say why'}`,
        'do not leave it, and make no new one: every secret would be lost. docs/vps.md, "A Swarm that does not start", keeps all',
      );
    case 'locked':
      return failure('swarm', 'the Swarm is locked', 'unlock it there: docker swarm unlock');
    case 'pending':
      return failure(
        'swarm',
        'the node is still joining a Swarm',
        'wait, then look at `docker info` there; a manager that it can reach must accept it',
      );
    default:
      return failure(
        'swarm',
        `the node is not in a Swarm (${swarm || 'inactive'})`,
        'on a new server: `docker swarm init`; where one was, look first what became of it: docs/vps.md, "A Swarm that does not start"',
      );
  }
}

/** Since this version the engine tells it. */
const TELLS_PRIVILEGES = 24;

/** What keeps a task that was broken into from the server. Engines that tell nothing of it are passed over. */
export function judgeSecurity({ version, securityOptions = [] }: EngineInfo): Finding[] {
  if (securityOptions.length === 0) return [];
  const has = (name: string) => securityOptions.some((option) => option.split(',')[0] === `name=${name}`);
  const lacks: (readonly [lacks: boolean, what: string, fix: string])[] = [
    [
      !has('no-new-privileges') && Number.parseInt(version, 10) >= TELLS_PRIVILEGES,
      'a program of a task may become root by a setuid file',
      '"no-new-privileges": true in /etc/docker/daemon.json, which host: {} in services.config.ts writes',
    ],
    [
      !has('seccomp') || securityOptions.includes('name=seccomp,profile=unconfined'),
      'tasks may use every system call (no seccomp)',
      'take "seccomp-profile": "unconfined" out of /etc/docker/daemon.json, or use a kernel that has seccomp',
    ],
    [
      !has('apparmor') && !has('selinux') && !has('rootless'),
      'tasks are not confined by AppArmor',
      'sudo apt-get install apparmor',
    ],
  ];
  const found = lacks.filter(([lacking]) => lacking);
  if (found.length === 0) {
    return [
      ok(
        'security',
        has('no-new-privileges')
          ? 'tasks get no new privileges, and are confined'
          : `tasks are confined; whether they get no new privileges, Docker ${version} does not tell: look for "no-new-privileges" in its /etc/docker/daemon.json`,
      ),
    ];
  }
  return found.map(([, what, fix]) =>
    warning(
      'security',
      what,
      `${fix}; it holds for tasks that start after a restart of Docker, which ends every task`,
    ),
  );
}
