import { readAsset } from '../assets/read-asset';
import type { Connection } from '../swarm';
import { Memory } from '../units';
import type { Closed, HostSpec } from './host-spec';
import type { StepScript } from './scripts';

export interface Wanted {
  readonly spec: HostSpec;
  /** The platform's name in this environment: its folder is /opt/<name>. */
  readonly name: string;
  readonly connection: Connection;
  /** TCP ports that clients use. */
  readonly publicPorts: readonly number[];
}

const MEBIBYTE = 2 ** 20;

/**
 * What is done, in this order: the firewall is up before Docker publishes anything, and daemon.json is there before
 * Docker starts for the first time.
 */
export function stepsOf({ spec, name, connection, publicPorts }: Wanted): StepScript[] {
  const swap = spec.swap === false ? 0 : (spec.swap ?? Memory.gibibytes(2)).toBytes() / MEBIBYTE;
  const steps: (StepScript | false)[] = [
    { step: 'time', settings: {} },
    { step: 'kernel', settings: {} },
    { step: 'swap', settings: { HOST_SWAP_MIB: Math.round(swap) } },
    // One that is merely left out would stay in force as an earlier deploy has made it.
    {
      step: 'firewall',
      settings: spec.firewall === false ? { HOST_FIREWALL: 'off' } : portsOf(spec, publicPorts),
    },
    {
      step: 'daemon',
      settings: {
        HOST_RESTART_DOCKER: spec.restartDocker,
        HOST_LOG_DRIVER: spec.daemon && 'log-driver' in spec.daemon ? 'wanted' : undefined,
      },
      files: { 'daemon.json': daemonOf(spec) },
    },
    {
      step: 'docker',
      settings: {
        HOST_DOCKER: typeof spec.docker === 'object' ? spec.docker.major : spec.docker,
        HOST_UPDATE_DOCKER: spec.updateDocker,
      },
    },
    { step: 'account', settings: { HOST_USER: connection.user, HOST_FOLDER: `/opt/${name}` } },
    {
      step: 'swarm',
      settings: {
        HOST_ADVERTISE: spec.advertiseAddress,
        HOST_ADDRESS_POOL: spec.addressPool,
        HOST_HEARTBEAT: spec.heartbeat?.toString(),
      },
    },
    { step: 'updates', settings: { HOST_REBOOT_AT: spec.rebootAt } },
    spec.sshPasswords === false && { step: 'sshd', settings: {} },
  ];
  return steps.filter((step) => step !== false);
}

/** As the step takes them: those of each protocol apart. */
function portsOf({ openPorts = [], containersTo }: HostSpec, publicPorts: readonly number[]) {
  const tcp = openPorts.filter((port) => typeof port === 'number');
  const udp = openPorts.filter((port) => typeof port === 'string').map((port) => Number.parseInt(port, 10));
  return {
    HOST_PORTS: [...publicPorts, ...tcp].join(' '),
    HOST_UDP_PORTS: udp.length > 0 ? udp.join(' ') : undefined,
    HOST_METADATA: closedBut(containersTo?.metadata),
    HOST_OWN_PORTS: closedBut(containersTo?.hostPorts),
  };
}

const closedBut = (closed: Closed | undefined): string | undefined =>
  typeof closed === 'object' ? ['closed', ...closed.except].join(' ') : closed;

/** Options go with their driver: with another one, ours would keep Docker from starting. */
function daemonOf({ daemon = {} }: HostSpec): string {
  const { 'log-opts': options, ...ours } = JSON.parse(readAsset('host/daemon.json'));
  const sameDriver = !('log-driver' in daemon) || daemon['log-driver'] === ours['log-driver'];
  const all = { ...ours, ...(sameDriver ? { 'log-opts': options } : {}), ...daemon };
  return `${JSON.stringify(all, null, 2)}\n`;
}
