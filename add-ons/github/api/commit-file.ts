import { Fault } from '../runner/fault';
import { type GitHub, GitHubError } from './api';

interface Content {
  readonly sha: string;
  readonly content: string;
}

export interface FileCommit {
  readonly branch: string;
  readonly path: string;
  readonly message: string;
  /** From what the branch has to what it is to have. May be called again, when somebody else was quicker. */
  readonly change: (text: string) => Promise<string>;
}

const TRIES = 5;

/**
 * Commits one file through GitHub's API: no git credential is ever on the runner, and a push in between is not lost.
 *
 * @returns the commit to go on with: the new one, or the branch's head when there was nothing to change
 */
export async function commitFile(
  github: GitHub,
  { branch, path, message, change }: FileCommit,
): Promise<{ readonly sha: string; readonly changed: boolean }> {
  for (let attempt = 1; ; attempt += 1) {
    const at = `/contents/${path}?ref=${encodeURIComponent(branch)}`;
    // The head first: were it read last, it might have a change that nobody here has seen.
    const { object } = await github.request<{ object: { sha: string } }>(
      'GET',
      `/git/ref/heads/${encodePath(branch)}`,
    );
    const file = await github.request<Content>('GET', at);
    const before = Buffer.from(file.content, 'base64').toString('utf8');
    const after = await change(before);
    if (after === before) return { sha: object.sha, changed: false };
    try {
      const { commit } = await github.request<{ commit: { sha: string } }>('PUT', `/contents/${path}`, {
        message,
        branch,
        sha: file.sha,
        content: Buffer.from(after).toString('base64'),
      });
      return { sha: commit.sha, changed: true };
    } catch (error) {
      if (!(error instanceof GitHubError) || error.status !== 409 || attempt === TRIES)
        throw inWords(error, branch);
    }
  }
}

const encodePath = (branch: string) => branch.split('/').map(encodeURIComponent).join('/');

function inWords(error: unknown, branch: string): unknown {
  if (!(error instanceof GitHubError) || ![403, 404, 422].includes(error.status)) return error;
  return new Fault(
    `${error.what}; the branch ${branch} may be protected`,
    'let the workflow through (Settings, Rules: bypass for this app), or send the digests as a pull request; docs/github.md says how',
    'GitHub',
  );
}
