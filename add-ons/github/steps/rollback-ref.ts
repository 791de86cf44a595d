import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Fault } from '../runner/fault';

const REF = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/;
/** What has ever been deployed by itself; anything else was never reviewed. */
export const BRANCHES = ['main', 'docker-swarm'];

/**
 * The commit that a ref means: a commit, a tag or a branch, in the history of a branch that is deployed.
 *
 * @param folder a clone with all of the history
 * @throws {Fault}
 */
export async function resolveRollback(folder: string, ref: string): Promise<string> {
  if (!REF.test(ref) || ref.includes('..')) {
    throw new Fault(
      'the ref is not the name of a commit, a tag or a branch',
      'write a commit such as 1a2b3c4',
      'ref',
    );
  }
  const sha = (await commitOf(folder, ref)) ?? (await commitOf(folder, `refs/remotes/origin/${ref}`));
  if (!sha) {
    throw new Fault(
      `there is no commit ${ref}`,
      '`git log --oneline images.lock.json` shows the deploys',
      'ref',
    );
  }
  const merged = await Promise.all(
    BRANCHES.map(async (branch) => {
      const head = await commitOf(folder, `refs/remotes/origin/${branch}`);
      return head !== undefined && (await succeeds(folder, ['merge-base', '--is-ancestor', sha, head]));
    }),
  );
  if (!merged.includes(true)) {
    throw new Fault(
      `${ref} is in the history of neither ${BRANCHES.join(' nor ')}`,
      'only what was merged is deployed with the secrets; merge it, and the deploy follows by itself',
      'ref',
    );
  }
  const scripts = await git(folder, ['show', `${sha}:package.json`]).then(
    (text) => (JSON.parse(text) as { scripts?: Record<string, string> }).scripts ?? {},
    () => ({}) as Record<string, string>,
  );
  if (!scripts.deploy || !scripts.plan) {
    throw new Fault(
      `${ref} is older than these workflows`,
      'deploy it from your own machine: docs/day-to-day.md, Emergency',
      'ref',
    );
  }
  return sha;
}

async function commitOf(folder: string, ref: string): Promise<string | undefined> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`];
  return git(folder, args).then(
    (text) => text.trim(),
    () => undefined,
  );
}

async function git(folder: string, args: readonly string[]): Promise<string> {
  return (await promisify(execFile)('git', [...args], { cwd: folder })).stdout;
}

const succeeds = (folder: string, args: readonly string[]): Promise<boolean> =>
  git(folder, args).then(
    () => true,
    () => false,
  );
