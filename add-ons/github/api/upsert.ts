import { COMMENT_LIMIT, defuse, shorten } from '../text/markdown';
import { type GitHub, GitHubError } from './api';

interface Author {
  readonly login: string;
  readonly type: string;
}

interface Entry {
  readonly body: string | null;
  readonly user: Author | null;
}

interface Comment extends Entry {
  readonly id: number;
}

interface Issue extends Entry {
  readonly number: number;
  readonly title: string;
  readonly pull_request?: object;
}

/** A marker that nobody sees, at the very start of a text that these workflows own. */
const marker = (name: string) => `<!-- proctorwise-swarm:${name} -->`;

/** Anybody can write the marker; only the workflows' own account counts. */
const isOurs = ({ body, user }: Entry, name: string) =>
  user?.type === 'Bot' && (body ?? '').replaceAll('\r', '').startsWith(marker(name));

const CUT = 'The rest is on the page of the run.';

export const bodyOf = (name: string, markdown: string): string =>
  shorten(`${marker(name)}\n${defuse(markdown)}`, COMMENT_LIMIT, CUT);

export type Done = 'created' | 'updated' | 'unchanged';

/** One comment of a pull request, updated in place. */
export async function upsertComment(
  github: GitHub,
  pull: number,
  name: string,
  markdown: string,
): Promise<Done> {
  const body = bodyOf(name, markdown);
  for await (const comment of github.list<Comment>(`/issues/${pull}/comments`)) {
    if (!isOurs(comment, name)) continue;
    if (same(comment.body, body)) return 'unchanged';
    try {
      await github.request('PATCH', `/issues/comments/${comment.id}`, { body });
      return 'updated';
    } catch (error) {
      // Somebody has deleted it meanwhile.
      if (!(error instanceof GitHubError) || error.status !== 404) throw error;
    }
  }
  await github.request('POST', `/issues/${pull}/comments`, { body });
  return 'created';
}

/** One open issue, updated in place; a new one when the last was closed. */
export async function upsertIssue(
  github: GitHub,
  name: string,
  title: string,
  markdown: string,
): Promise<{ readonly done: Done; readonly number: number }> {
  const body = bodyOf(name, markdown);
  const issue = await openIssue(github, name);
  if (!issue) {
    const { number } = await github.request<Issue>('POST', '/issues', { title, body });
    return { done: 'created', number };
  }
  const { number } = issue;
  if (issue.title === title && same(issue.body, body)) return { done: 'unchanged', number };
  await github.request('PATCH', `/issues/${number}`, { title, body });
  return { done: 'updated', number };
}

/** Closes it, with a word why. @returns its number, undefined when there was none */
export async function closeIssue(github: GitHub, name: string, why: string): Promise<number | undefined> {
  const issue = await openIssue(github, name);
  if (!issue) return undefined;
  await github.request('POST', `/issues/${issue.number}/comments`, { body: why });
  await github.request('PATCH', `/issues/${issue.number}`, { state: 'closed', state_reason: 'completed' });
  return issue.number;
}

async function openIssue(github: GitHub, name: string): Promise<Issue | undefined> {
  for await (const issue of github.list<Issue>('/issues?state=open')) {
    if (!issue.pull_request && isOurs(issue, name)) return issue;
  }
  return undefined;
}

/** GitHub may give line breaks of Windows back. */
const same = (a: string | null, b: string) => (a ?? '').replaceAll('\r', '').trimEnd() === b.trimEnd();
