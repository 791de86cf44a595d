import { harmless } from '../terminal/untrusted';
import { CarrierEnded } from './stdio-socket';
import { NoAnswer } from './within';

/** What stands between us and the daemon. */
export type Problem =
  | 'unreachable'
  | 'hostKey'
  | 'denied'
  | 'noSsh'
  | 'noDocker'
  | 'noPermission'
  | 'daemonDown'
  | 'notManager'
  | 'noLeader';

/** Why the Docker API of a host cannot be used: one line what is wrong, one line what to do. */
export class ConnectionError extends Error {
  constructor(
    readonly problem: Problem,
    what: string,
    remedy: string,
  ) {
    super(`${what}\n${remedy}`);
    this.name = 'ConnectionError';
  }

  /** Whether it may pass by itself: a network that is cut, a daemon that restarts. */
  get mayPass(): boolean {
    return ['unreachable', 'daemonDown', 'noLeader'].includes(this.problem);
  }
}

type Entry = readonly [problem: Problem, pattern: RegExp, what: string, remedy: string];

/** Ordered: the first that matches wins. `HOST` stands for the host. */
const WORDS: readonly Entry[] = [
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
    'noPermission',
    /permission denied.*docker|docker.*permission denied|EACCES/is,
    'the user at HOST may not use Docker',
    'add it to the group: `sudo usermod -aG docker <user>`, then log in again',
  ],
  [
    'denied',
    /Permission denied|Too many authentication failures|no such identity/i,
    'HOST refuses the login',
    'check the user name, and that its key is in the ssh agent (`ssh-add -l`) and in ~/.ssh/authorized_keys there',
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

/**
 * What an error of a request says about the connection, in words.
 *
 * @returns undefined when the daemon did answer and the error is about the request itself
 */
export function explain(error: unknown, host: string): ConnectionError | undefined {
  if (error instanceof ConnectionError) return error;
  if (isOwnFault(error)) return undefined;
  if (error instanceof NoAnswer) {
    return new ConnectionError(
      'unreachable',
      `the Docker daemon at ${host} does not answer (for ${error.seconds} s)`,
      'log in with `ssh`: if that works, Docker hangs (`docker ps`, `journalctl -u docker -n 50`, a disk that is full or hangs); if not, the server or its network does',
    );
  }
  const { code, statusCode, syscall } = error as { code?: string; statusCode?: number; syscall?: string };
  if (syscall?.startsWith('spawn')) {
    return new ConnectionError('noSsh', 'there is no ssh on this machine', 'install an OpenSSH client');
  }
  if (statusCode !== undefined && (statusCode < 500 || isConflict(error))) return undefined;
  const said = harmless(`${code ?? ''} ${error instanceof Error ? error.message : String(error)}`);
  const entry = WORDS.find(([, pattern]) => pattern.test(said));
  if (entry) return new ConnectionError(entry[0], entry[2].replace('HOST', host), entry[3]);
  if (statusCode !== undefined) return undefined;
  const detail = error instanceof CarrierEnded ? harmless(lastLine(error.stderr)) : said.trim();
  return new ConnectionError(
    'unreachable',
    `${host} cannot be reached${detail ? ` (${detail})` : ''}`,
    'check the address and port, the firewall, and that the server is up: `ssh` to it by hand shows the same error',
  );
}

/** A mistake of this program, which no connection has made; Node's own errors of a request have a code. */
const isOwnFault = (error: unknown): boolean =>
  (error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError) &&
  (error as NodeJS.ErrnoException).code === undefined;

/** Somebody else was faster: Docker's "update out of sequence", which a leader alone can tell, as an HTTP 500 and an "rpc error". */
export const isConflict = (error: unknown): boolean => /update out of sequence/.test(String(error));

/** The daemon has looked at the request and does not do it. */
export const isRefusal = (error: unknown): error is Error & { readonly statusCode: number } =>
  !(error instanceof ConnectionError) &&
  !isConflict(error) &&
  (error as { statusCode?: number }).statusCode !== undefined;

/** Docker's words where it does not do what it was asked for; a secret that the older version needs may be gone. */
export async function refusalOf(request: Promise<void>): Promise<string | undefined> {
  try {
    await request;
    return undefined;
  } catch (error) {
    if (isRefusal(error)) return harmless(error.message.trim());
    throw error;
  }
}

function lastLine(text: string): string {
  return text.trim().split(/\r?\n/).at(-1) ?? '';
}
