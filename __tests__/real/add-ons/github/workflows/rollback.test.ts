import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type FakeDaemon, fakeDaemon } from '../../../../unit/operations/docker/fake-daemon';
import { type Door, openDoor, synthesized } from './support/door';
import { FakeGitHub } from './support/fake-github';
import { forget, type Ran, runJob, type Setting } from './support/job';
import { Project } from './support/project';
import { onServer, SSHD, startVps, type Vps } from './support/vps';
import { workflow } from './support/workflow';

const { unclear, redeploy, release, emergency, remind } = workflow('rollback').jobs;

let daemon: FakeDaemon;
let vps: Vps | undefined;
let project: Project;
let door: Door;
let older: string;
let secrets: Record<string, string>;
let rolledBack: string[];
let services: object[];
const jobs: Ran[] = [];

const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.com', ...args], {
    cwd: project.folder,
    encoding: 'utf8',
  }).trim();

beforeAll(async () => {
  project = new Project();
  writeFileSync(project.path('.gitignore'), 'node_modules\ncalls.jsonl\ntarget\ndist\n');
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  // Of a release that had no command line yet, but its npm scripts.
  git('rm', '-q', '--cached', 'proctor');
  git('commit', '-q', '-m', 'older');
  older = git('rev-parse', 'HEAD');
  git('add', 'proctor');
  writeFileSync(project.path('images.lock.json'), '{"newer":"yes"}\n');
  // What a person writes into a commit is nobody's order.
  git('commit', '-q', '-a', '-m', '::error::$(touch pwned) <!-- x -->');
  git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  git('checkout', '-q', '-b', 'feature');
  git('commit', '-q', '--allow-empty', '-m', 'not merged');
  git('update-ref', 'refs/remotes/origin/feature', 'HEAD');
  git('checkout', '-q', 'main');
  rolledBack = [];
  daemon = await fakeDaemon((request, _body, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://docker');
    const service = /^\/services\/([^/]+)/.exec(pathname)?.[1];
    if (pathname.endsWith('/update')) {
      rolledBack.push(`${service} ${searchParams.get('rollback')}`);
      services = services.map((one) => (JSON.stringify(one).includes(`"${service}"`) ? swapped(one) : one));
      response.end('{}');
    } else if (pathname === '/services') response.end(JSON.stringify(services));
    else if (service)
      response.end(JSON.stringify(services.find((one) => JSON.stringify(one).includes(`"${service}"`))));
    else response.end('[]');
  });
  door = await openDoor(project.folder);
  if (SSHD) vps = await startVps(daemon);
});
afterAll(async () => {
  await vps?.stop();
  await daemon.stop();
  door.close();
  project.remove();
});
beforeEach(() => {
  secrets = {
    ...vps?.secrets,
    DB_PASSWORD: 'correct horse battery',
    JWT_SECRET_KEY: 'j'.repeat(40),
    SMTP_HOST: 'mail.example.com',
    SMTP_PORT: '587',
    PG_CONN_STR: 'postgres://u:p@db/state',
  };
  rolledBack = [];
  writeFileSync(project.path('calls.jsonl'), '');
});
afterEach(() => jobs.splice(0).forEach(forget));

async function run(
  job: typeof redeploy,
  inputs: Record<string, string>,
  more: Partial<Setting> = {},
): Promise<Ran> {
  const ran = await runJob(job!, {
    folder: project.folder,
    github: { event_name: 'workflow_dispatch', ref: 'refs/heads/main', sha: 'a'.repeat(40) },
    env: door.env,
    secrets,
    inputs: { ref: '', release: '', services: '', acknowledge: '', ...inputs },
    ...more,
    actions: {
      // The second checkout: an older commit beside the tools.
      'actions/checkout': ({ path, ref }) => {
        if (!path) return;
        mkdirSync(project.path(path), { recursive: true });
        execFileSync('sh', ['-c', `git archive ${ref} | tar -x -C ${path}`], { cwd: project.folder });
        execFileSync('ln', ['-sfn', project.path('node_modules'), project.path(path, 'node_modules')]);
        synthesized(project.path(path), { serverName: 'proctorwise.example.com', selfSigned: true });
      },
    },
  });
  jobs.push(ran);
  return ran;
}

const REFUSED: [Record<string, string>, string][] = [
  [{ ref: 'no-such-ref' }, 'there is no commit no-such-ref'],
  [{ ref: 'feature' }, 'feature is in the history of neither main nor docker-swarm'],
  [{ ref: '$(touch pwned)' }, 'the ref is not the name of a commit'],
  [{ ref: '--upload-pack=touch pwned' }, 'the ref is not the name of a commit'],
  [{ ref: 'main..feature' }, 'the ref is not the name of a commit'],
];

describe('a git ref', () => {
  onServer('is deployed again with its own tools, under the same steps', async () => {
    const ran = await run(redeploy, { ref: older.slice(0, 12) });
    expect(ran.log).not.toContain('::error');
    expect(ran.result).toBe('success');
    expect(ran.summary).toContain('✅ https://…/health answers 200');
    const calls = readFileSync(project.path('target', 'calls.jsonl'), 'utf8');
    expect(
      calls
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).script),
    ).toEqual(['state:doctor', 'plan', 'deploy']);
    expect(readFileSync(project.path('target', 'images.lock.json'), 'utf8')).toBe('{}\n');
    expect(project.called).toEqual([]);
  });

  test.each(REFUSED)('that is none to go back to is refused: %j', async (inputs, words) => {
    const ran = await run(redeploy, inputs);
    expect(ran.result).toBe('failure');
    expect(ran.log).toContain(words);
    expect(project.called).toEqual([]);
    expect(existsSync(project.path('pwned'))).toBe(false);
  });
});

describe('a release', () => {
  onServer.each(['HEAD~1', '$(touch pwned)', '--help'])(
    '%s is none, and nothing is touched',
    async (number) => {
      const ran = await run(release, { release: number });
      expect(ran.result).toBe('failure');
      expect(ran.log).toContain('is not the number of a release');
      expect(ran.steps.at(-1)).toMatchObject({ name: 'Forget the key', outcome: 'success' });
      expect(existsSync(project.path('pwned'))).toBe(false);
    },
  );
});

/** As Swarm leaves a service that was rolled back. */
const swapped = (service: { Spec?: object; PreviousSpec?: object }) => ({
  ...service,
  Spec: service.PreviousSpec,
  PreviousSpec: service.Spec,
  UpdateStatus: { State: 'rollback_completed', StartedAt: '2026-01-01T00:00:00Z' },
});

const spec = (image: string, more: object = {}) => ({
  Mode: { Replicated: { Replicas: 0 } },
  TaskTemplate: { ContainerSpec: { Image: image } },
  ...more,
});

describe('in an emergency', () => {
  beforeEach(() => {
    services = ['userservice', 'analyticsservice'].map((name) => ({
      ID: `proctorwise_${name}`,
      Version: { Index: 7 },
      CreatedAt: '2026-01-01T00:00:00Z',
      UpdatedAt: '2026-01-01T00:00:00Z',
      Spec: { Name: `proctorwise_${name}`, ...spec('app:2') },
      PreviousSpec: { Name: `proctorwise_${name}`, ...spec('app:1') },
    }));
    services.push({
      ID: 'proctorwise_mariadb',
      Version: { Index: 7 },
      Spec: {
        Name: 'proctorwise_mariadb',
        ...spec('mariadb:2', { UpdateConfig: { FailureAction: 'pause' } }),
      },
      PreviousSpec: { Name: 'proctorwise_mariadb', ...spec('mariadb:1') },
    });
  });

  onServer.each<[string, string]>([
    ['mariadb userservice', 'mariadb has data, which may have moved on'],
    ['userservic', 'there is no service "userservic" in the stack proctorwise'],
    ['$(touch pwned)', 'is not the name of a service'],
    ['--stack', '"--stack" is not the name of a service'],
    ['--help', '"--help" is not the name of a service'],
  ])('%s is refused whole, and nothing is touched', async (names, words) => {
    const ran = await run(emergency, { services: names });
    expect(ran.result).toBe('failure');
    expect(ran.log).toContain(words);
    expect(rolledBack).toEqual([]);
    expect(existsSync(project.path('pwned'))).toBe(false);
    expect(ran.steps.at(-1)).toMatchObject({ name: 'Forget the key', outcome: 'success' });
  });

  onServer('puts back what Swarm still has, and tells it', async () => {
    const ran = await run(emergency, { services: 'userservice, analyticsservice' });
    expect(ran.log).not.toContain('error');
    expect(ran.result).toBe('success');
    expect(rolledBack.sort()).toEqual([
      'proctorwise_analyticsservice previous',
      'proctorwise_userservice previous',
    ]);
    expect(ran.summary).toContain('| proctorwise_userservice | `app:2` | `app:1` | converged |');
  });

  onServer('needs no other secret than the way to the server', async () => {
    secrets = { ...vps!.secrets };
    const ran = await run(emergency, { services: 'mariadb' });
    expect(ran.log).toContain('mariadb has data');
  });
});

describe('none of the three, or more than one', () => {
  test.each([
    {},
    { ref: 'main', services: 'userservice' },
    { ref: 'main', release: '41' },
    { release: '41', services: 'userservice' },
    { ref: 'main', release: '41', services: 'userservice' },
  ])('touches nothing and says so: %j', async (inputs) => {
    const ran = await run(unclear, inputs);
    expect(ran.result).toBe('failure');
    expect(ran.log).toContain('::error::give a ref, a release or services, one of the three');
    for (const job of [redeploy, release, emergency]) expect((await run(job, inputs)).result).toBe('skipped');
  });

  test.each([{ ref: 'main' }, { release: 'previous' }, { services: 'userservice' }])(
    'is not %j',
    async (inputs) => {
      expect((await run(unclear, inputs)).result).toBe('skipped');
    },
  );

  test.each([redeploy, release, emergency])('nor is a branch that is not deployed', async (job) => {
    for (const inputs of [{ ref: 'main' }, { release: '41' }, { services: 'userservice' }]) {
      const github = { event_name: 'workflow_dispatch', ref: 'refs/heads/feature' };
      expect((await run(job, inputs, { github })).result).toBe('skipped');
    }
  });
});

describe('afterwards', () => {
  let fake: FakeGitHub;
  beforeEach(async () => {
    fake = await FakeGitHub.start();
  });
  afterEach(() => fake.stop());

  const needs = (a: string, b: string, c = 'skipped') => ({
    redeploy: { result: a },
    emergency: { result: b },
    release: { result: c },
  });

  test('one issue reminds of what the next deploy would do', async () => {
    const inputs = { services: 'userservice, @octocat $(id)' };
    const ran = await run(remind, inputs, { env: fake.env, needs: needs('skipped', 'failure') });
    expect(ran.result).toBe('success');
    expect(fake.issues).toMatchObject([
      { title: 'Rolled back in an emergency: the next deploy rolls forward again' },
    ]);
    expect(fake.issues[0]!.body).toContain("Put back by Swarm's own rollback: `userservice`.");
    expect(fake.issues[0]!.body).not.toMatch(/octocat|\$\(id\)/);
    await run(remind, { ref: older }, { env: fake.env, needs: needs('success', 'skipped') });
    expect(fake.issues).toHaveLength(1);
    expect(fake.issues[0]!.title).toContain('Rolled back to an older commit');
    const back = needs('skipped', 'skipped', 'success');
    await run(remind, { release: '41' }, { env: fake.env, needs: back });
    expect(fake.issues[0]!.title).toContain('Rolled back to a release');
    expect(fake.issues[0]!.body).toContain('`41`');
  });

  test('there is nothing to remind of when nothing was rolled back', async () => {
    for (const both of [
      needs('failure', 'skipped'),
      needs('skipped', 'skipped'),
      needs('skipped', 'cancelled'),
    ]) {
      expect((await run(remind, {}, { env: fake.env, needs: both })).result).toBe('skipped');
    }
  });
});
