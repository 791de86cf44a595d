import { spawnSync } from 'node:child_process';
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
export function commitOf(folder: string): Commit {
  const git = (...args: string[]) =>
    spawnSync('git', args, {
      cwd: folder,
      encoding: 'utf8',
      // A look must not keep a commit of somebody else from its lock.
      env: { ...process.env, GIT_OPTIONAL_LOCKS: '0' },
    });
  const head = git('rev-parse', 'HEAD');
  if (head.status !== 0) return { commit: null, clean: null };
  const status = git('status', '--porcelain');
  return { commit: head.stdout.trim(), clean: status.status === 0 ? status.stdout === '' : null };
}
