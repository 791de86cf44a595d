import type { Duration, Memory } from '../units';

/** What the stack `host` makes of a bare server. What was prepared by hand is taken as it is. */
export interface HostSpec {
  /** @default the variable VPS_HOST of the shell that synthesizes, which wins over this */
  readonly address?: string;
  /**
   * Where Docker comes from when the server has none: the distribution, or Docker's own repository held at a major
   * version. An engine that is there is never upgraded: that restarts every task.
   * @default 'distribution'
   */
  readonly docker?: 'distribution' | { readonly major: number };
  /**
   * More keys of daemon.json, or other values; `null` takes a key away. Those that only the server has, stay.
   *
   * Log options go with their driver: another `log-driver` here comes without ours, and one that is named here replaces
   * the server's own with all of its options. Not named here, another driver that the server has chosen stays.
   * @default log rotation (3 files of 10 MB), no-new-privileges, no live-restore (Swarm refuses it)
   */
  readonly daemon?: Readonly<Record<string, unknown>>;
  /**
   * When a change of daemon.json may restart Docker, which ends all tasks: as long as no container runs, or at once.
   * @default 'when-idle'; what waits for a restart is told at each deploy
   */
  readonly restartDocker?: 'when-idle' | 'now';
  /** The address that the Swarm listens on and tells other nodes. @default the one of the server's default route */
  readonly advertiseAddress?: string;
  /** Where overlay networks come from, as `10.20.0.0/16`; used when the Swarm is made. @default Docker's: 10.0.0.0/8 */
  readonly addressPool?: string;
  /**
   * How often a node says that it lives; one that is silent for three times as long is taken for gone, and its tasks are
   * started anew. A server that is busy for so long needs more. Used when the Swarm is made; later:
   * `docker swarm update --dispatcher-heartbeat 30s`. @default Docker's: 5 s
   */
  readonly heartbeat?: Duration;
  /**
   * `false` leaves the server's packets to you. It has to be that on a server whose Swarm has more nodes: the rules know
   * none but this one.
   * @default only ssh, the public ports and `openPorts` from outside
   */
  readonly firewall?: false;
  /**
   * Ports that stay open beside ssh's and the public ones: a number for TCP, for example of a monitoring agent,
   * `'51820/udp'` for UDP, for example of WireGuard.
   * @default none
   */
  readonly openPorts?: readonly (number | `${number}/udp`)[];
  /** Size of a swap file, where the server has no swap; `false` for none. @default 2 GiB */
  readonly swap?: Memory | false;
}
