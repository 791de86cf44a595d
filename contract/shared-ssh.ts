import { accessSync, constants, existsSync, lstatSync, mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';

/** What a socket's path may have on every system: 104 bytes with the zero at its end; Linux has four more. */
const LONGEST = 103;
/** ssh makes the socket under a name that has a dot and 16 letters more, and then gives it the one that was asked for. */
const WHILE_MADE = 17;
/** `%C`: a hash of the user, the host and the port. */
const HASH = 40;

/** Whose connections are shared, and where their sockets may be. */
export interface Places {
  /** The home that the system knows, which ssh takes for `~` whatever HOME says. */
  readonly home: string;
  readonly uid: number;
  /** Short, and open to everybody. */
  readonly tmp: string;
}

/**
 * Options by which the connections to one server become one, kept for a minute: the provider opens one for each resource
 * that it reads, and a stock sshd refuses bursts of logins (MaxStartups 10:30:100).
 *
 * Where ssh cannot make the socket it ends with 255 although it is logged in. So it lies in ~/.ssh where that will do, else
 * in a short folder that is the user's alone, else nothing is shared.
 */
export function sharedSsh(places: Places | undefined = here()): string[] {
  const path = places && (inHome(places) ?? inShortFolder(places));
  return path ? ['-o', 'ControlMaster=auto', '-o', `ControlPath=${path}`, '-o', 'ControlPersist=60'] : [];
}

/**
 * Where a socket of ssh's can be: in that folder, or in the short one where that is too deep; undefined where neither will do.
 *
 * @param elsewhere its name in the short folder, which all that the user runs share
 */
export function socketIn(
  folder: string,
  name: string,
  elsewhere = name,
  places: Places | undefined = here(),
): string | undefined {
  if (socketFits(join(folder, name))) return join(folder, name);
  const short = places && shortFolder(places);
  return short && join(short, elsewhere);
}

const socketFits = (path: string): boolean =>
  Buffer.byteLength(path.replace('%C', 'h'.repeat(HASH))) + WHILE_MADE <= LONGEST;

function inHome({ home }: Places): string | undefined {
  const folder = join(home, '.ssh');
  const fits = socketFits(join(folder, 'swarm-%C'));
  return fits && isWritable(folder) ? '~/.ssh/swarm-%C' : undefined;
}

/** Named by what ssh itself fills in, so that the configuration of each user is the same. */
const inShortFolder = (places: Places): string | undefined =>
  shortFolder(places) && join(places.tmp, 'swarm-ssh-%i', '%C');

/** Where ssh keeps what it shares: in ~/.ssh, else in the short folder; undefined where neither will do. */
export const sshFolder = (places: Places): string | undefined => {
  const folder = join(places.home, '.ssh');
  return isWritable(folder) ? folder : shortFolder(places);
};

/** Others could put a socket of theirs into an open folder, and ssh would tell it everything. */
function shortFolder({ tmp, uid }: Places): string | undefined {
  const folder = join(tmp, `swarm-ssh-${uid}`);
  try {
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
    const found = lstatSync(folder);
    const isOwn = found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0;
    return isOwn && isWritable(folder) && socketFits(join(folder, '%C')) ? folder : undefined;
  } catch {
    return undefined;
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Not `os.tmpdir()`, which is long on a Mac and may be on a runner. */
export function here(): Places | undefined {
  try {
    const { homedir: home, uid } = userInfo();
    return { home, uid, tmp: '/tmp' };
  } catch {
    // A user whom the system does not know (a container's `--user`): ssh itself refuses to run for him.
    return undefined;
  }
}
