import { messageOf } from '../terminal/message-of';
import { harmless } from '../terminal/untrusted';
import { findWords, type Problem } from './reach/words';
import { CarrierEnded } from './stdio-socket';
import { NoAnswer } from './within';

export type { Problem } from './reach/words';

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
    return ['unreachable', 'limited', 'daemonDown', 'noLeader'].includes(this.problem);
  }
}

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
  // The code stands below: what ssh says is known by how its lines begin.
  const said = harmless(`${messageOf(error)}\n${code ?? ''}`);
  const words = findWords(said, host);
  if (words) return new ConnectionError(words.problem, words.what, words.remedy);
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
