import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type FakeDaemon, fakeDaemon } from '../../../../unit/operations/docker/fake-daemon';
import { interpolate } from './support/expressions';
import { FakeGitHub } from './support/fake-github';
import { forget, type Ran, runJob, type Setting } from './support/job';
import { Project } from './support/project';
import { onServer, SSHD, startVps, type Vps } from './support/vps';
import { workflow } from './support/workflow';

const { plan, comment, snapshot, stack, check, e2e } = workflow('ci').jobs;
const SECRET = 'correct horse battery';
/** What somebody may call a branch or a pull request. */
const NASTY = '"; touch pwned; $(touch pwned) `touch pwned` ::error::x <!-- x --> @octocat';

let vps: Vps | undefined;
let daemon: FakeDaemon;
let project: Project;
let fake: FakeGitHub;
let base: string;
let head: string;
const jobs: Ran[] = [];

const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.com', ...args], {
    cwd: project.folder,
    encoding: 'utf8',
  }).trim();

beforeAll(async () => {
  project = new Project();
  const file = project.path('__tests__/unit/constructs/platform/__snapshots__/snapshot.test.ts.snap');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, 'replicas: 2\nimage: a\n');
  writeFileSync(project.path('.gitignore'), 'node_modules\ncalls.jsonl\ndist\ncdktf.out\n');
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-q', '-m', 'base');
  base = git('rev-parse', 'HEAD');
  git('checkout', '-q', '-b', 'feature');
  // A catalogue may say anything; here it tries to end the block that it is shown in.
  writeFileSync(file, 'replicas: 3\nimage: "```\\n## hello @octocat <script> $(touch pwned)"\n```\n');
  git('commit', '-q', '-a', '-m', NASTY);
  head = git('rev-parse', 'HEAD');
  daemon = await fakeDaemon((_request, _body, response) => response.end('OK'));
  if (SSHD) vps = await startVps(daemon);
});
afterAll(async () => {
  await vps?.stop();
  await daemon.stop();
  project.remove();
});
beforeEach(async () => {
  fake = await FakeGitHub.start();
  writeFileSync(project.path('calls.jsonl'), '');
  project.plans({
    code: 3,
    markdown: '<!-- plan of swarm -->\n## Plan of swarm\n\nimage nginx@sha256:ab, by @octocat\n',
  });
});
afterEach(async () => {
  await fake.stop();
  jobs.splice(0).forEach(forget);
});

const PERSON = { login: 'octocat', type: 'User', association: 'MEMBER' };
const pullRequest = (from: string, { login, type, association } = PERSON, actor = 'octocat') => ({
  event_name: 'pull_request',
  ref: 'refs/pull/7/merge',
  head_ref: NASTY,
  actor,
  sha: 'a'.repeat(40),
  event: {
    number: 7,
    pull_request: {
      number: 7,
      title: NASTY,
      user: { login, type },
      author_association: association,
      head: { sha: head, repo: { full_name: from } },
      base: { sha: base },
    },
  },
});

const secrets = () => ({
  ...vps?.secrets,
  DB_PASSWORD: SECRET,
  JWT_SECRET_KEY: 'j'.repeat(40),
  SMTP_HOST: 'mail.example.com',
  SMTP_PORT: '587',
  PG_CONN_STR: 'postgres://u:p@db/state',
});

async function run(job: typeof plan, setting: Omit<Setting, 'folder'>): Promise<Ran> {
  const ran = await runJob(job!, { folder: project.folder, ...setting });
  jobs.push(ran);
  return ran;
}

/** Plan and comment, with the artifact carried over. */
async function review(github = pullRequest('acme/swarm')) {
  let artifact: string | undefined;
  const refs: string[] = [];
  const planned = await run(plan, {
    github,
    secrets: secrets(),
    actions: {
      'actions/upload-artifact': ({ path }) => {
        artifact = readFileSync(path!, 'utf8');
      },
    },
  });
  const commented = await run(comment, {
    github,
    env: fake.env,
    needs: { plan: { result: planned.result } },
    actions: {
      'actions/checkout': ({ ref }) => refs.push(ref ?? ''),
      'actions/download-artifact': ({ path }) => {
        mkdirSync(path!, { recursive: true });
        writeFileSync(join(path!, 'plan.md'), artifact!);
      },
    },
  });
  return { planned, commented, refs, artifact };
}

describe('a pull request of this repository', () => {
  onServer('has its plan in one comment, updated in place, without taking the lock', async () => {
    const { planned, commented, refs } = await review();
    expect([planned.result, commented.result]).toEqual(['success', 'success']);
    expect(project.call('plan')?.env.TF_CLI_ARGS_plan).toBe('-lock=false');
    expect(fake.comments).toHaveLength(1);
    const { body } = fake.comments[0]!;
    expect(body).toContain('## Plan of swarm\n\nimage nginx@\u200bsha256:ab, by @\u200boctocat\n');
    expect(body).toContain(`Of commit \`${head.slice(0, 10)}\``);
    // What writes is the code of the branch that it goes to.
    expect(refs).toEqual([base]);

    project.plans({ code: 0, markdown: 'nothing to do any more\n' });
    await review();
    expect(fake.comments).toHaveLength(1);
    expect(fake.comments[0]!.body).toContain('nothing to do any more');
  });

  onServer('of a server that is still bare says so in its comment', async () => {
    vps!.docker(false);
    await review();
    vps!.docker(true);
    expect(fake.comments[0]!.body).toContain(
      '## No plan yet\n\nthere is no Docker client (18.09 or later) at the server.',
    );
  });

  onServer('can call its branch and itself as it likes: no shell and no log line obeys', async () => {
    const { planned, commented } = await review();
    expect(existsSync(project.path('pwned'))).toBe(false);
    expect(planned.log + commented.log).not.toContain('::error');
  });

  onServer('with a secret in its plan gets none of it, and is told that there is none', async () => {
    project.plans({ code: 2, markdown: `url mysql://u:${encodeURIComponent(SECRET)}@mariadb\n` });
    const { planned, commented, artifact } = await review();
    expect([planned.result, commented.result]).toEqual(['failure', 'success']);
    expect(artifact).toBeUndefined();
    expect(fake.comments[0]!.body).toContain('There is no plan: its job has failed.');
    const seen = planned.log + planned.summary + commented.log + fake.comments[0]!.body;
    expect(seen).not.toContain(encodeURIComponent(SECRET));
  });

  test('needs no snapshot', async () => {
    expect((await run(snapshot, { github: pullRequest('acme/swarm') })).result).toBe('skipped');
  });
});

describe.each([
  ['a fork', 'stranger/swarm', { login: 'stranger', type: 'User', association: 'NONE' }],
  // Whoever pushed to it last, or had it run again.
  ['Dependabot', 'acme/swarm', { login: 'dependabot[bot]', type: 'Bot', association: 'CONTRIBUTOR' }],
])('a pull request of %s', (_, from, author) => {
  const github = () => pullRequest(from, author);

  test('gets no secret: the job that has them does not run, nor the one that writes', async () => {
    const planned = await run(plan, { github: github(), secrets: secrets() });
    expect(planned.result).toBe('skipped');
    const commented = await run(comment, { github: github(), needs: { plan: { result: 'skipped' } } });
    expect(commented.result).toBe('skipped');
    expect(project.called).toEqual([]);
  });

  test('gets the difference of the snapshot, which cannot break out of its block', async () => {
    const ran = await run(snapshot, { github: github() });
    expect(ran.result).toBe('success');
    expect(ran.summary).toMatch(/^## Snapshot\n\nWhat changes in the synthesized stack:\n\n````diff\n/);
    expect(ran.summary).toMatch(/\n````\n\n?$/);
    expect(ran.summary).toContain('-replicas: 2\n');
    expect(ran.summary).toContain('+replicas: 3\n');
    expect(existsSync(project.path('pwned'))).toBe(false);
  });
});

describe('the environment of a plan', () => {
  const { environment, env } = plan!;
  const of = (user: typeof PERSON, actor?: string) =>
    interpolate(environment!, { github: pullRequest('acme/swarm', user, actor) }).trim();

  test.each(['OWNER', 'MEMBER', 'COLLABORATOR'])('needs no reviewer for a %s', (association) => {
    expect(of({ ...PERSON, association })).toBe('plan');
  });

  test.each([
    ['a contributor', { ...PERSON, association: 'CONTRIBUTOR' }],
    ['somebody unknown', { ...PERSON, association: 'NONE' }],
    ['Renovate', { login: 'renovate[bot]', type: 'Bot', association: 'CONTRIBUTOR' }],
    ['a bot of the organization', { login: 'acme-bot', type: 'Bot', association: 'MEMBER' }],
  ])('waits for one where %s wrote it, whoever set the run off', (_, author) => {
    expect(of(author, 'octocat')).toBe('plan-review');
  });

  test('is what a missing secret is told to be set in', () => {
    expect(env!.PLAN_ENVIRONMENT).toBe(environment);
    const login = plan!.steps.find(({ run }) => run?.includes('github login'));
    expect(login!.run).toBe('./proctor github login "$PLAN_ENVIRONMENT"');
  });
});

test('a pull request that takes the condition away still has no secret in a fork: it reads why', async () => {
  const ran = await run({ ...plan!, if: 'always()' }, { github: pullRequest('stranger/swarm') });
  expect(ran.result).toBe('failure');
  expect(ran.log).toContain('GitHub gives none to pull requests of forks and of Dependabot');
});

test('a push plans nothing and comments on nothing', async () => {
  const github = { event_name: 'push', ref: 'refs/heads/main' };
  expect((await run(plan, { github })).result).toBe('skipped');
  expect((await run(snapshot, { github })).result).toBe('skipped');
});

test('the stack is synthesized and given to Terraform where it says', async () => {
  writeFileSync(
    project.path('terraform'),
    '#!/bin/sh\necho "$@" >> terraform.args; ls "${1#-chdir=}/cdk.tf.json"\n',
    {
      mode: 0o755,
    },
  );
  const PATH = `${project.folder}:${process.env.PATH}`;
  const ran = await run(stack, { github: pullRequest('stranger/swarm'), env: { PATH } });
  expect(ran.log).not.toContain('error');
  expect(ran.result).toBe('success');
  expect(readFileSync(project.path('terraform.args'), 'utf8')).toBe(
    '-chdir=cdktf.out/stacks/swarm-lab init -backend=false\n-chdir=cdktf.out/stacks/swarm-lab validate\n',
  );
});

test('what checks every pull request has no secret and needs nothing of this repository', () => {
  for (const job of [check, e2e, stack]) {
    expect(job!.if).toBeUndefined();
    expect(JSON.stringify(job)).not.toContain('secrets.');
  }
  expect(check!.steps.at(-1)!.run).toBe('sudo -E env "PATH=$PATH" .ci/run --all');
  expect(e2e!.steps.at(-1)).toMatchObject({
    env: { E2E_REQUIRED: '1' },
    run: 'sudo -E env "PATH=$PATH" npm run test:e2e',
  });
});
