import { secretLook, secretsInCommand, splitArgument } from '../../../constructs/units/secret-looking';
import type { Process } from './facts';
import { type Row, specOf, taskRow } from './row';

const bits = ({ CapBnd = '0' }: Process): number =>
  [...BigInt(`0x${CapBnd}`).toString(2)].filter((bit) => bit === '1').length;

/** A folder of the node that gives the node away. */
const PRECIOUS = /^\/(?:(?:boot|dev|etc|lib|proc|sys|usr|root|var\/lib\/docker)(?:\/|$)|$)|docker\.sock$/;

const DOCKER_NAMES = 'an overridden service, or a container that somebody started: deploy it again';

/** What each container may do. */
export const CONTAINERS: readonly Row[] = [
  taskRow(
    'privileged',
    'no container is privileged or in a namespace of the node',
    DOCKER_NAMES,
    ({ container }) => {
      const { Privileged, PidMode, NetworkMode, IpcMode, UTSMode } = container.HostConfig ?? {};
      if (Privileged) return 'it is privileged';
      const shared = Object.entries({ PidMode, NetworkMode, IpcMode, UTSMode }).filter(
        ([, mode]) => mode === 'host',
      );
      return shared.length > 0
        ? `it shares ${shared.map(([mode]) => mode).join(', ')} with the node`
        : undefined;
    },
  ),
  taskRow(
    'capabilities',
    'no process can have a capability that its service does not name',
    "capDrop: ['ALL'], and capAdd for the few; ./proctor doctor hardening <service> tries it",
    (task, facts) => {
      const { CapabilityDrop, CapabilityAdd } = specOf(task, facts) ?? {};
      if (!CapabilityDrop?.some((name) => /^(CAP_)?ALL$/.test(name))) return "it has Docker's own set of 14";
      const most = (CapabilityAdd ?? []).length;
      if (!task.processes) return null;
      const over = task.processes.filter((process) => bits(process) > most);
      return over.length > 0 ? `${over[0]!.Name} may have more than the ${most} that it names` : undefined;
    },
  ),
  taskRow(
    'no-new-privileges',
    'no process can become more by a setuid file',
    '"no-new-privileges": true in /etc/docker/daemon.json, as host: {} writes it, and a restart of each task',
    ({ processes }) =>
      processes
        ? processes.some(({ NoNewPrivs }) => NoNewPrivs !== '1')
          ? 'NoNewPrivs is 0'
          : undefined
        : null,
  ),
  taskRow(
    'seccomp',
    'each process has a filter of system calls',
    'take "seccomp-profile": "unconfined" out of /etc/docker/daemon.json',
    ({ processes }) =>
      processes
        ? processes.some(({ Seccomp }) => Seccomp !== '2')
          ? 'no filter of system calls'
          : undefined
        : null,
  ),
  taskRow(
    'apparmor',
    'each container is confined by AppArmor or SELinux',
    'sudo apt-get install apparmor, and restart Docker, which ends every task',
    ({ container }, { info }) => {
      const isConfined =
        (container.AppArmorProfile && container.AppArmorProfile !== 'unconfined') ||
        info.SecurityOptions?.some((option) => option.startsWith('name=selinux'));
      return isConfined ? undefined : 'neither AppArmor nor SELinux confines it';
    },
  ),
  taskRow(
    'user',
    'no process is root',
    "user: '1000:1000', where the image bears it; ./proctor doctor hardening --user 1000:1000 <service> tries it",
    ({ processes }) => {
      if (!processes) return null;
      const roots = processes.filter(({ Uid = '' }) => Uid.split('\t')[0] === '0');
      return roots.length > 0
        ? `${[...new Set(roots.map(({ Name }) => Name))].join(' and ')} as root`
        : undefined;
    },
  ),
  taskRow(
    'read-only-root',
    'no container can write to its image',
    "readOnlyRoot: true, tmpfs: ['/tmp']; ./proctor doctor hardening <service> tries it",
    ({ container }) => (container.HostConfig?.ReadonlyRootfs ? undefined : 'it can write to its image'),
  ),
  taskRow(
    'limits',
    'each container has a limit of memory and of processors',
    'limits in services.config.ts',
    ({ container }) => {
      const { Memory = 0, NanoCpus = 0 } = container.HostConfig ?? {};
      return Memory > 0 && NanoCpus > 0 ? undefined : 'it has no limit';
    },
  ),
  taskRow(
    'pids-limit',
    'each container has a limit of processes',
    'the provider cannot say it: docs/security.md, "Not met"',
    ({ container }) => ((container.HostConfig?.PidsLimit ?? 0) > 0 ? undefined : 'no limit of its own'),
  ),
  taskRow(
    'healthcheck',
    'each service has a health check',
    'healthcheck in services.config.ts',
    (task, facts) => (specOf(task, facts)?.Healthcheck ? undefined : 'none'),
  ),
  taskRow(
    'host-mounts',
    'no container has a folder of the node',
    'remove the mount; data belongs into volumes, files into configs and secrets',
    (task, facts) => {
      const bound = (specOf(task, facts)?.Mounts ?? []).filter(({ Type }) => Type === 'bind');
      if (bound.length === 0) return undefined;
      const worst = bound.find(({ Source = '' }) => PRECIOUS.test(Source)) ?? bound[0]!;
      return `it mounts ${worst.Source} of the node`;
    },
  ),
  taskRow(
    'log-rotation',
    'each log has a largest size',
    'say max-size for its log driver',
    ({ container }) => {
      const { Type, Config } = container.HostConfig?.LogConfig ?? {};
      return Type === 'json-file' && !Config?.['max-size'] ? 'its log grows without end' : undefined;
    },
  ),
  taskRow(
    'secrets',
    'no setting, argument, health check or variable looks like a secret',
    'declare a secret in services.config.ts, and rotate it: whoever could inspect it has it',
    (task, facts) => {
      const { Env, Args, Command, Healthcheck } = specOf(task, facts) ?? {};
      const settings = [...(Env ?? []), ...(task.container.Config?.Env ?? [])].map((text) =>
        splitArgument(text),
      );
      const [found] = [
        ...settings.filter(([name, value]) => secretLook(name, value)).map(([name]) => ({ name })),
        ...secretsInCommand([...(Command ?? []), ...(Args ?? [])]),
        ...secretsInCommand(Healthcheck?.Test ?? []),
      ];
      // Its name: what it says is nobody's business.
      return found ? `${found.name ?? 'an argument'} looks like a secret` : undefined;
    },
  ),
  taskRow(
    'pinned-images',
    'each image is named by its digest',
    './proctor images lock, then deploy',
    (task, facts) =>
      specOf(task, facts)?.Image.includes('@sha256:') ? undefined : 'its image has no digest',
  ),
];
