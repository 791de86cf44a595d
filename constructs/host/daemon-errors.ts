type Daemon = Readonly<Record<string, unknown>>;

/** Flags of Docker's own unit, each beside its key in daemon.json: it takes none from both. */
const OF_THE_UNIT: Readonly<Record<string, string>> = {
  hosts: 'Docker is reached over ssh',
  containerd: 'it is the one that systemd runs',
};

/** Networks of before Swarm: Docker up to 20.10 refuses them beside one, later ones do not know them. */
const BEFORE_SWARM = ['cluster-store', 'cluster-advertise', 'cluster-store-opts'];

/** Keys with which Docker would not start again, mostly only once there is a Swarm: its own `--validate` finds none of them. */
export function daemonErrors(daemon: Daemon): string[] {
  const has = (key: string) => daemon[key] !== undefined && daemon[key] !== null;
  const withoutSwarm = (what: string, fix: string) =>
    `host.daemon has ${what}, with which there is no Swarm\n  ${fix}`;
  return [
    ...(daemon['live-restore'] === true ? [withoutSwarm('live-restore', 'remove it')] : []),
    // Where Docker makes no rules at all, it starts; 29.7 has a switch for those who want to try.
    ...(daemon['firewall-backend'] === 'nftables' && daemon.iptables !== false && !triesNftables(daemon)
      ? [withoutSwarm("'firewall-backend': 'nftables'", "remove it, or write 'iptables'")]
      : []),
    ...BEFORE_SWARM.filter(has).map((key) => withoutSwarm(key, 'remove it: Swarm has networks of its own')),
    ...Object.keys(OF_THE_UNIT)
      .filter(has)
      .map(
        (key) =>
          `host.daemon has ${key}, which Docker's own unit gives, too: it would not start\n  remove it; ${OF_THE_UNIT[key]}`,
      ),
    ...raftErrors(daemon),
  ];
}

const triesNftables = ({ features }: Daemon): boolean =>
  (features as Daemon | undefined)?.['swarm-nftables'] === true;

/** A manager that takes over as often as it hears of the leader ends Docker itself. */
function raftErrors(daemon: Daemon): string[] {
  const heartbeat = Number(daemon['swarm-raft-heartbeat-tick'] || 1);
  const election = Number(daemon['swarm-raft-election-tick'] || 10 * heartbeat);
  return election > heartbeat
    ? []
    : [
        `host.daemon has swarm-raft-election-tick ${election}, which is not more than swarm-raft-heartbeat-tick ${heartbeat}: no manager would start\n  write ten times as much, or neither`,
      ];
}
