import type { Duration, Memory } from '../units';

/** What the stack `host` makes of a bare server. What was prepared by hand is taken as it is. */
export interface HostSpec {
  /**
   * The server's address.
   * @default the variable VPS_HOST of the shell that synthesizes, which wins over this
   * @example address: '203.0.113.10'
   * @change restarts nothing by itself; another address is another server
   */
  readonly address?: string;
  /**
   * Where Docker comes from when the server has none: the distribution, or Docker's own repository held at a major
   * version. An engine that is there is never upgraded: that restarts every task.
   * @default 'distribution'
   * @example docker: { major: 28 }
   * @change restarts nothing: an engine that is there stays
   */
  readonly docker?: 'distribution' | { readonly major: number };
  /**
   * More keys of daemon.json, or other values; `null` takes a key away. Those that only the server has, stay.
   *
   * Log options go with their driver: another `log-driver` here comes without ours, and one that is named here
   * replaces the server's own with all of its options. Not named here, another driver that the server has chosen
   * stays.
   * @default log rotation (3 files of 10 MB), no-new-privileges, no live-restore (Swarm refuses it)
   * @example daemon: { 'max-concurrent-downloads': 5 }
   * @change writes daemon.json; a restart of Docker, which ends every task, waits as restartDocker says
   */
  readonly daemon?: Readonly<Record<string, unknown>>;
  /**
   * When a change of daemon.json may restart Docker, which ends all tasks: as long as no container runs, or at once.
   * @default 'when-idle'; what waits for a restart is told at each deploy
   * @example restartDocker: 'now'
   * @change restarts nothing by itself
   */
  readonly restartDocker?: 'when-idle' | 'now';
  /**
   * `'now'` installs the updates of Docker's packages that there are at a deploy, within its major version. That restarts
   * every task, so it has to be acknowledged as `host`: where tasks run, what the check before could not see in the server's lists
   * waits for the next deploy. `./proctor status` tells of updates.
   * @default they are left to you
   * @example updateDocker: 'now'
   * @change restarts Docker, which ends every task, at each deploy that finds updates
   */
  readonly updateDocker?: 'now';
  /**
   * When the server reboots by itself, on a day on which an update needs it; all services are away until their tasks
   * have started again. `./proctor status` tells of a reboot that is waited for.
   * @default never
   * @example rebootAt: '04:00'
   * @change restarts nothing; at this time of the server's clock the server restarts where it has to
   */
  readonly rebootAt?: string;
  /**
   * `false` has sshd let in nobody by a password, only by a key. `./proctor status` tells where it does, if the user may
   * use sudo.
   * @default as the server is
   * @example sshPasswords: false
   * @change restarts nothing
   */
  readonly sshPasswords?: false;
  /**
   * The address that the Swarm tells other nodes, and the only one that it listens on. If the server loses it, the Swarm
   * does not start (docs/vps.md, "A Swarm that does not start").
   * @default the one of the server's default route; it listens on all, and the firewall closes the port
   * @example advertiseAddress: '10.0.0.5'
   * @change restarts nothing: used when the Swarm is made
   */
  readonly advertiseAddress?: string;
  /**
   * Where overlay networks come from, as `10.20.0.0/16`; used when the Swarm is made.
   * @default Docker's: 10.0.0.0/8
   * @example addressPool: '10.215.0.0/16'
   * @change restarts nothing: used when the Swarm is made
   */
  readonly addressPool?: string;
  /**
   * How often a node says that it lives; one that is silent for three times as long is taken for gone, and its tasks
   * are restarted. A server that is busy for so long needs more. Used when the Swarm is made; later: `docker swarm
   * update --dispatcher-heartbeat 30s`.
   * @default Docker's: 5 s
   * @example heartbeat: Duration.seconds(30)
   * @change restarts nothing: used when the Swarm is made
   */
  readonly heartbeat?: Duration;
  /**
   * `false` takes the rules of an earlier deploy away and leaves the server's firewall to you; needed on a server whose Swarm
   * has more nodes, since the rules know only this one. Have rules of your own before, or all is open.
   * @default only ssh, the public ports and `openPorts` from outside
   * @example firewall: false
   * @change restarts nothing; the rules are loaded, or taken away, at the next deploy
   */
  readonly firewall?: false;
  /**
   * Ports that stay open beside ssh's and the public ones: a number for TCP, for example of a monitoring agent,
   * `'51820/udp'` for UDP, for example of WireGuard.
   * @default none
   * @example openPorts: [9100, '51820/udp']
   * @change restarts nothing; the rules are loaded at the next deploy
   */
  readonly openPorts?: readonly (number | `${number}/udp`)[];
  /**
   * What containers may not reach: the cloud's metadata (169.254.169.254, where many clouds hand out rights of the server),
   * the server's own ports. ICMP and answers always pass. Some clouds have their name server beside the metadata: those ports
   * stay open with `except`, and the step refuses to close a name server that the server has there.
   * @default all of it
   * @example containersTo: { metadata: { except: [53, '53/udp'] }, hostPorts: 'closed' }
   * @change restarts nothing; the rules are loaded at the next deploy
   */
  readonly containersTo?: {
    readonly metadata?: 'closed' | { readonly except: readonly (number | `${number}/udp`)[] };
    readonly hostPorts?: 'closed' | { readonly except: readonly (number | `${number}/udp`)[] };
  };
  /**
   * Size of a swap file, where the server has no swap; `false` for none.
   * @default 2 GiB
   * @example swap: Memory.gibibytes(4)
   * @change restarts nothing
   */
  readonly swap?: Memory | false;
}

/** All of it, or all but some ports. */
export type Closed = NonNullable<NonNullable<HostSpec['containersTo']>['metadata']>;
