import { setTimeout as sleep } from 'node:timers/promises';
import type { Shell } from '../../../contract/shell';
import { Fault } from '../runner/fault';

/** GitHub said no. */
export class GitHubError extends Fault {
  constructor(
    readonly status: number,
    what: string,
    remedy: string,
  ) {
    super(what, remedy, 'GitHub');
  }
}

const TRIES = 4;
const ANSWER_MS = 30_000;
const PATIENCE_SECONDS = 60;

/** The few requests of GitHub's REST API that the workflows make, for one repository. */
export class GitHub {
  private readonly base: string;

  /**
   * @param wait milliseconds before the second try; each further one waits twice as long
   * @throws {Fault} without the runner's own variables
   */
  constructor(
    private readonly env: Shell,
    private readonly wait = 1000,
  ) {
    const { GITHUB_REPOSITORY: repository = '', GITHUB_API_URL: api = 'https://api.github.com' } = env;
    if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) {
      throw new Fault('GITHUB_REPOSITORY is not owner/name', 'this step is for the jobs of GitHub Actions');
    }
    if (!env.GITHUB_TOKEN)
      throw new Fault('GITHUB_TOKEN is not set', 'give the step env: GITHUB_TOKEN: ${{ github.token }}');
    this.base = `${api}/repos/${repository}`;
  }

  /**
   * A request that may be sent again: GitHub's failures and limits are waited out, but only where a second one
   * does no harm.
   *
   * @param path below the repository, `/issues/1`
   * @throws {GitHubError}
   */
  async request<T>(method: 'GET' | 'POST' | 'PATCH' | 'PUT', path: string, body?: object): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.send(method, path, body).catch((error: Error) => error);
      if (isAnswer(answer) && answer.ok) return (await answer.json()) as T;
      const status = isAnswer(answer) ? answer.status : 0;
      const again =
        attempt < TRIES && (limited(answer) || (method !== 'POST' && (status === 0 || status >= 500)));
      if (!again) throw await this.failure(method, path, answer);
      await sleep(delay(answer, this.wait * 2 ** (attempt - 1)));
    }
  }

  /** Every entry of a list, page by page. */
  async *list<T>(path: string): AsyncGenerator<T> {
    for (let page = 1; ; page += 1) {
      const entries = await this.request<T[]>(
        'GET',
        `${path}${path.includes('?') ? '&' : '?'}per_page=100&page=${page}`,
      );
      yield* entries;
      if (entries.length < 100) return;
    }
  }

  private send(method: string, path: string, body?: object): Promise<Response> {
    return fetch(`${this.base}${path}`, {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${this.env.GITHUB_TOKEN}`,
        'user-agent': 'proctorwise-swarm',
        'x-github-api-version': '2022-11-28',
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_MS),
    });
  }

  private async failure(method: string, path: string, answer: Response | Error): Promise<GitHubError> {
    const asked = `${method} ${path.split('?')[0]}`;
    if (!isAnswer(answer)) {
      const cause = (answer.cause as Error | undefined)?.message ?? answer.message;
      return new GitHubError(
        0,
        `GitHub does not answer ${asked}: ${cause}`,
        'run the job again; www.githubstatus.com',
      );
    }
    const text = await answer.text().catch(() => '');
    const said = /"message":\s*"([^"]{1,200})/.exec(text)?.[1] ?? 'no reason';
    const remedy = [401, 403, 404].includes(answer.status)
      ? "the job's `permissions:` in the workflow, and Settings, Actions, General, Workflow permissions, must allow it"
      : 'run the job again; www.githubstatus.com';
    return new GitHubError(answer.status, `GitHub answers ${asked} with ${answer.status}: ${said}`, remedy);
  }
}

const isAnswer = (answer: Response | Error): answer is Response => 'status' in answer;

const limited = (answer: Response | Error): boolean =>
  isAnswer(answer) && (answer.status === 429 || (answer.status === 403 && answer.headers.has('retry-after')));

function delay(answer: Response | Error, otherwise: number): number {
  const asked = isAnswer(answer) ? Number(answer.headers.get('retry-after') ?? Number.NaN) : Number.NaN;
  return Number.isNaN(asked) ? otherwise : Math.min(asked, PATIENCE_SECONDS) * 1000;
}
