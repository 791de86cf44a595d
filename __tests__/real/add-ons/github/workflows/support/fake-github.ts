import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Said {
  id: number;
  number: number;
  title?: string;
  body: string;
  state: string;
  user: { login: string; type: string };
}

/** GitHub's REST API in small, for one repository: comments, issues, and one file on a branch. */
export class FakeGitHub {
  readonly requests: string[] = [];
  /** Of pull request 7. */
  readonly comments: Said[] = [];
  readonly issues: Said[] = [];
  readonly commits: { message: string; branch: string; text: string; sha: string }[] = [];
  file = '{}\n';
  /** Runs of `ci` for pushes, by commit; the first is the latest. */
  readonly runs: Record<string, { status: string; conclusion: string | null }[]> = {};
  /** What each commit changed, and the one before it. */
  readonly history: Record<string, { files: string[]; parent: string }> = {};
  /** What to do with the next requests in place of answering: a status each. */
  failures: { status: number; headers?: Record<string, string>; message?: string }[] = [];
  /** Called before a file is written: somebody else may be quicker, or the branch protected. */
  beforePut: () => undefined | [status: number, body: unknown] = () => undefined;
  /** Called before a comment or an issue is changed. */
  beforePatch: () => void = () => {};
  private server!: Server;

  static async start(): Promise<FakeGitHub> {
    const fake = new FakeGitHub();
    fake.server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk) => {
        text += chunk;
      });
      request.on('end', () => {
        const url = new URL(request.url ?? '', 'http://github');
        fake.requests.push(`${request.method} ${url.pathname}`);
        const failure = fake.failures.shift();
        const allowed = request.headers.authorization === 'Bearer the-token';
        const [status, body] = failure
          ? [failure.status, { message: failure.message ?? 'not now' }]
          : allowed
            ? fake.answer(request.method ?? '', url, text ? JSON.parse(text) : {})
            : [401, { message: 'Bad credentials' }];
        response.writeHead(status, { 'content-type': 'application/json', ...failure?.headers });
        response.end(JSON.stringify(body));
      });
    });
    await new Promise<void>((done) => fake.server.listen(0, '127.0.0.1', done));
    return fake;
  }

  /** What a job has in its environment. */
  get env(): Record<string, string> {
    const { port } = this.server.address() as AddressInfo;
    return {
      GITHUB_API_URL: `http://127.0.0.1:${port}`,
      GITHUB_REPOSITORY: 'acme/swarm',
      GITHUB_TOKEN: 'the-token',
    };
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(() => done()));
  }

  /** As somebody wrote it. */
  say(list: Said[], body: string, login = 'github-actions[bot]', title = ''): Said {
    const number = 100 + this.comments.length + this.issues.length;
    const user = { login, type: login.endsWith('[bot]') ? 'Bot' : 'User' };
    const said = { id: number, number, title, body, state: 'open', user };
    list.push(said);
    return said;
  }

  private answer(
    method: string,
    { pathname, searchParams }: URL,
    body: Record<string, string>,
  ): [number, unknown] {
    const path = pathname.replace('/repos/acme/swarm', '');
    const page = Number(searchParams.get('page') ?? 1);
    const cut = (list: unknown[]) => list.slice((page - 1) * 100, page * 100);
    const [, id] = /\/(\d+)$/.exec(path) ?? [];
    if (/^\/issues\/\d+\/comments$/.test(path)) {
      if (method === 'GET') return [200, cut(path.includes('/7/') ? this.comments : [])];
      return [201, this.say(path.includes('/7/') ? this.comments : [], body.body!)];
    }
    if (path === '/issues') {
      if (method === 'GET') return [200, cut(this.issues.filter(({ state }) => state === 'open'))];
      return [201, this.say(this.issues, body.body!, undefined, body.title)];
    }
    if (method === 'PATCH' && id) {
      this.beforePatch();
      const list = path.startsWith('/issues/comments/') ? this.comments : this.issues;
      const found = list.find((one) => one.id === Number(id));
      return found ? [200, Object.assign(found, body)] : [404, { message: 'Not Found' }];
    }
    if (path === '/actions/workflows/ci.yml/runs') {
      const runs = searchParams.get('event') === 'push' ? this.runs[searchParams.get('head_sha') ?? ''] : [];
      return [200, { workflow_runs: (runs ?? []).map((run) => ({ ...run, html_url: 'https://ci/1' })) }];
    }
    const commit = this.history[path.replace('/commits/', '')];
    if (commit) {
      const files = commit.files.map((filename) => ({ filename }));
      return [200, { files, parents: [{ sha: commit.parent }] }];
    }
    if (path.startsWith('/git/ref/heads/')) return [200, { object: { sha: this.head } }];
    if (path === '/contents/images.lock.json') return method === 'GET' ? this.read() : this.put(body);
    return [404, { message: 'Not Found' }];
  }

  get head(): string {
    return this.commits.at(-1)?.sha ?? '0'.repeat(40);
  }

  private read(): [number, unknown] {
    return [200, { sha: blob(this.file), content: Buffer.from(this.file).toString('base64') }];
  }

  private put({ sha, content, message, branch }: Record<string, string>): [number, unknown] {
    const refusal = this.beforePut();
    if (refusal) return refusal;
    if (sha !== blob(this.file)) return [409, { message: 'images.lock.json does not match' }];
    this.file = Buffer.from(content!, 'base64').toString('utf8');
    const commit = String(this.commits.length + 1)
      .repeat(40)
      .slice(0, 40);
    this.commits.push({ message: message!, branch: branch!, text: this.file, sha: commit });
    return [200, { commit: { sha: commit } }];
  }
}

const blob = (text: string) => Buffer.from(text).toString('hex').slice(0, 40).padEnd(40, '0');
