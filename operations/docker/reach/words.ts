/** What stands between us and the daemon. */
export type Problem =
  | 'unreachable'
  | 'limited'
  | 'hostKey'
  | 'denied'
  | 'noSocket'
  | 'sshSettings'
  | 'noSsh'
  | 'noDocker'
  | 'noPermission'
  | 'noisyShell'
  | 'diskFull'
  | 'daemonDown'
  | 'notManager'
  | 'noLeader';

type Entry = readonly [problem: Problem, pattern: RegExp, what: string, remedy: string];

/**
 * What OpenSSH says of itself. `HOST` stands for the host, `SAID` for the line that tells it. Ordered: the first that
 * matches wins, and what ssh says comes before what Docker says, whose name a user or a host may have, too.
 */
const OF_SSH: readonly Entry[] = [
  [
    'hostKey',
    /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    'the host key of HOST is not the one known for it',
    'if the server was really reinstalled, remove the old key with `ssh-keygen -R <host>` and compare the new one; if not, do not connect',
  ],
  [
    'hostKey',
    /Host key verification failed|No .* host key is known/,
    'the host key of HOST is unknown',
    'compare its fingerprint with the provider’s console, then connect once with `ssh` or add it to ~/.ssh/known_hosts',
  ],
  [
    'noSocket',
    /^unix_listener: .*|^ControlPath.* too long.*/m,
    'ssh on this machine cannot make the socket that shares its connection to HOST (SAID)',
    'give it a short path in a folder of yours: `ControlPath /tmp/<your own folder>/%C` in the file that VPS_SSH_CONFIG names, or without that file synthesize again, which looks for such a folder',
  ],
  [
    'sshSettings',
    /^(?:Can't open user config file|.*Bad configuration option|.*Bad owner or permissions on|.*terminating, \d+ bad configuration).*/im,
    'ssh on this machine cannot use its settings (SAID)',
    'correct the file: ~/.ssh/config, or the one that VPS_SSH_CONFIG or --ssh-option names',
  ],
  [
    'denied',
    /Too many authentication failures/i,
    'HOST hangs up before the right key has its turn: ssh offers every key of its agent, one after the other, and a server takes six tries (MaxAuthTries of its sshd)',
    'name the right one: VPS_SSH_IDENTITY=<its comment in `ssh-add -l`, or the path of its .pub file>; for --host and DOCKER_HOST `IdentityFile` and `IdentitiesOnly yes` in ~/.ssh/config',
  ],
  [
    'denied',
    /^\S+@\S+: Permission denied \(|no such identity|Permission denied, please try again/im,
    'HOST refuses the login',
    'check the user name, and that its key is in the ssh agent (`ssh-add -l`) and in ~/.ssh/authorized_keys there',
  ],
  [
    'unreachable',
    /Could not resolve hostname.*/i,
    'the name of HOST is not found (SAID)',
    'check it for a typing error (VPS_HOST or --host), and this machine’s DNS; an address needs none',
  ],
  [
    'unreachable',
    /banner line contains invalid characters|Bad remote protocol version|banner exchange: .*invalid format/i,
    'what answers at HOST is no ssh server',
    'check the port (VPS_PORT, or the one in ssh://user@server:22)',
  ],
  [
    'limited',
    /kex_exchange_identification: |Exceeded MaxStartups|Not allowed at this time|banner exchange: .*(?:reset|broken pipe|closed)/i,
    // Of a web server at that port, OpenSSH says the same.
    'HOST drops new connections before the login: too many at once for its sshd (MaxStartups, and MaxSessions for a shared one), this address is banned (fail2ban), or what listens there is no sshd',
    'check the port (VPS_PORT, or the one in ssh://user@server:22), then run it again in a minute; on the server set `MaxStartups 10:30:100` and `MaxSessions 10` or more and reload sshd (`sudo sshd -T | grep -i max` shows what holds)',
  ],
  [
    'unreachable',
    /^ssh: connect to host .*Connection refused.*/im,
    'nothing listens at HOST (SAID)',
    'check the port (VPS_PORT, or the one in ssh://user@server:22), and in the provider’s console that sshd runs: `systemctl status ssh`',
  ],
];

/** What the server's shell, the Docker client there and the daemon say. */
const OF_DOCKER: readonly Entry[] = [
  [
    'noisyShell',
    /HPE_INVALID_\w+|Parse Error: Expected HTTP.*/i,
    'what answers at HOST is not Docker: the login prints something first, or instead (SAID)',
    'a start file of the user’s shell there (~/.bashrc, ~/.profile, /etc/profile.d) must print for terminals only: begin it with `case $- in *i*) ;; *) return ;; esac`; `ssh user@server true` must print nothing',
  ],
  [
    'noPermission',
    /dial unix \S+ connect: permission denied|permission denied while trying to connect|docker: permission denied|EACCES/i,
    'the user at HOST may not use Docker',
    'add it to the group: `sudo usermod -aG docker <user>`, then log in again',
  ],
  [
    'diskFull',
    /no space left on device|ENOSPC|disk quota exceeded/i,
    'the disk of HOST is full',
    'make room there: `df -h` shows where, `docker system df` what Docker has, `./proctor prune` removes images that neither a task nor one of the last releases needs',
  ],
  [
    'noDocker',
    /docker: (command )?not found|command not found|not a docker command|No such file or directory.*docker/i,
    'there is no Docker client (18.09 or later) at HOST',
    'install Docker Engine on the server',
  ],
  [
    'notManager',
    /not a swarm manager|not part of a swarm/i,
    'the Docker daemon at HOST is not a Swarm manager',
    'look at the line Swarm of `docker info` there: inactive on a new server wants `docker swarm init`, error wants docs/vps.md, "A Swarm that does not start" (leaving it loses every secret); a worker is not the one to point at',
  ],
  [
    'noLeader',
    // Managers say "rpc error" of all that the leader answers, a fault of the request included.
    /does not have a leader|losing leader status|context deadline exceeded|rpc error: code = (Unavailable|DeadlineExceeded|Canceled|Aborted)\b|\braft: (?!raft message is too large)/i,
    'the Swarm at HOST has no leader at the moment',
    'look at `docker node ls` on a manager; a majority of the managers must run',
  ],
  [
    'daemonDown',
    /Cannot connect to the Docker daemon|Is the docker daemon running|failed to connect to the docker API|ENOENT|ECONNREFUSED|dial unix/i,
    'the Docker daemon at HOST does not run',
    'start it: `sudo systemctl start docker`; its log: `journalctl -u docker -n 50`',
  ],
];

/** What ssh says although it goes on, by another connection: it is the reason only where nothing else tells one. */
const OTHERWISE: readonly Entry[] = [
  [
    'limited',
    /Session open refused by peer|open failed: (?:administratively prohibited|connect failed)/i,
    'HOST takes no more sessions in one ssh connection (MaxSessions of its sshd)',
    'set `MaxSessions 10` or more in /etc/ssh/sshd_config there and reload sshd; `sudo sshd -T | grep -i max` shows what holds',
  ],
  [
    'unreachable',
    /^(?:mux_client_|Control socket connect|Timeout, server |client_loop: |Connection to \S+ closed by remote host|.*Broken pipe).*/im,
    'the connection to HOST broke off (SAID)',
    'run it again: it makes a new one; if that fails, too, `ssh` to the server by hand shows what ails',
  ],
  [
    'denied',
    /Permission denied/i,
    'HOST refuses the login (SAID)',
    'check the user name, and its key and shell there',
  ],
];

/** What is wrong and what to do, of the first entry that knows what was said. */
export function findWords(
  said: string,
  host: string,
): { readonly problem: Problem; readonly what: string; readonly remedy: string } | undefined {
  for (const [problem, pattern, what, remedy] of [...OF_SSH, ...OF_DOCKER, ...OTHERWISE]) {
    const line = pattern.exec(said)?.[0];
    if (line === undefined) continue;
    // As functions: in a replacement text `$&` would be read.
    return { problem, what: what.replace('HOST', () => host).replace('SAID', () => line.trim()), remedy };
  }
  return undefined;
}

/** sshd let go before the login, for want of room: nothing has reached the server, and a moment later there may be room. */
export const isDroppedAtTheDoor = (said: string): boolean =>
  /kex_exchange_identification: (?:read: )?Connection (?:closed|reset)|Exceeded MaxStartups/i.test(said);
