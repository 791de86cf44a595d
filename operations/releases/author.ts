import { execFile } from 'node:child_process';
import { hostname, userInfo } from 'node:os';
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

/** What git says of a folder; nothing where there is no git, or it is in none. */
export async function commitOf(folder: string): Promise<Commit> {
  const git = (...args: string[]) =>
    new Promise<string | undefined>((resolve) => {
      // A look must not keep a commit of somebody else from its lock.
      const env = { ...process.env, GIT_OPTIONAL_LOCKS: '0' };
      // As long as it likes: a tree may have many files that git does not know.
      execFile('git', args, { cwd: folder, env, maxBuffer: Number.POSITIVE_INFINITY }, (error, said) =>
        resolve(error ? undefined : said),
      );
    });
  const [head, status] = await Promise.all([git('rev-parse', 'HEAD'), git('status', '--porcelain')]);
  if (head === undefined) return { commit: null, clean: null };
  return { commit: head.trim(), clean: status === undefined ? null : status === '' };
}
