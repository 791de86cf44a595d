import { execFile } from 'node:child_process';
import { hostname, userInfo } from 'node:os';
import { promisify } from 'node:util';
import type { Shell } from '../../contract/shell';
import { oneLine } from '../terminal/untrusted';

/** `anna@laptop`; in GitHub Actions who started the run, and which it is. */
export function authorOf(shell: Shell): string {
  const { GITHUB_ACTIONS, GITHUB_ACTOR, GITHUB_REPOSITORY, GITHUB_RUN_ID } = shell;
  if (GITHUB_ACTIONS === 'true')
    return oneLine(`${GITHUB_ACTOR} (${GITHUB_REPOSITORY} run ${GITHUB_RUN_ID})`);
  return oneLine(`${userName()}@${hostname()}`);
}

/** A container's user may have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? '?');
  }
}

export interface Commit {
  readonly commit: string | null;
  readonly clean: boolean | null;
}

export const NO_COMMIT: Commit = { commit: null, clean: null };

/** A look at a large tree takes seconds; one at a file system that does not answer has no end. */
const LONGEST_MS = 30_000;

/**
 * What git says of a folder; nothing where there is no git, it does not answer, or the folder is in no repository. Never
 * rejects.
 *
 * @param signal nobody needs it any more
 */
export async function commitOf(folder: string, signal: AbortSignal): Promise<Commit> {
  const options = {
    cwd: folder,
    signal: AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]),
    // A look must not keep a commit of somebody else from its lock.
    env: { ...process.env, GIT_OPTIONAL_LOCKS: '0' },
    // A tree may have many files that git does not know.
    maxBuffer: Number.POSITIVE_INFINITY,
  };
  const git = async (...args: string[]) => {
    try {
      const asked = promisify(execFile)('git', args, options);
      // One that cannot be ended keeps nobody here.
      asked.child.unref();
      return (await asked).stdout;
    } catch {
      return undefined;
    }
  };
  const [head, status] = await Promise.all([git('rev-parse', 'HEAD'), git('status', '--porcelain')]);
  if (head === undefined) return NO_COMMIT;
  return { commit: head.trim(), clean: status === undefined ? null : status === '' };
}
