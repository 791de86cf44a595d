import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeGitHub } from './support/fake-github';
import { forget, type Ran, runJob } from './support/job';
import { Project } from './support/project';
import { onServer, SSHD, startVps, type Vps } from './support/vps';
import { workflow } from './support/workflow';

const { look, issue } = workflow('drift').jobs;
const SECRET = 'correct horse battery';

let vps: Vps | undefined;
let project: Project;
let fake: FakeGitHub;
const jobs: Ran[] = [];

beforeAll(async () => {
  project = new Project('synth');
  synthesizedStack();
  if (SSHD) vps = await startVps();
});
afterAll(async () => {
  await vps?.stop();
  project.remove();
});
beforeEach(async () => {
  fake = await FakeGitHub.start();
  project.plans({ code: 0, markdown: '## Plan of swarm: nothing to do\n' });
  project.ends('synth', 0);
  project.ends('status', 0, JSON.stringify(status()));
});
afterEach(async () => {
  await fake.stop();
  jobs.splice(0).forEach(forget);
});

/** What synth leaves of the stack, as far as it is read here. */
function synthesizedStack(): void {
  const folder = project.path('cdktf.out', 'stacks', 'swarm');
  mkdirSync(folder, { recursive: true });
  const labels = [{ label: 'com.docker.stack.namespace', value: 'shop' }];
  const web = { name: 'shop_web', labels, task_spec: { container_spec: { image: 'web:1' } } };
  const json = {
    provider: { docker: [{ host: 'ssh://deploy@203.0.113.10' }] },
    resource: { docker_service: { web } },
    '//': { deploy: { serverName: 'shop.example.com' } },
  };
  writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify(json));
  const swarm = {
    name: 'swarm',
    workingDirectory: 'stacks/swarm',
    synthesizedStackPath: 'stacks/swarm/cdk.tf.json',
  };
  writeFileSync(project.path('cdktf.out', 'manifest.json'), JSON.stringify({ stacks: { swarm } }));
}

const service = (more: object = {}) => ({
  name: 'userservice',
  ok: true,
  running: 2,
  desired: 2,
  health: 'healthy',
  problem: null,
  ...more,
});
const status = (more: object = {}) => ({
  ok: true,
  services: [service()],
  nodes: [{ name: 'vps', state: 'ready', availability: 'active' }],
  certificate: { daysLeft: 60, problem: null, selfSigned: false },
  ...more,
});

/** Both jobs, the artifact carried from one to the other. */
async function run(): Promise<{ looked: Ran; told: Ran }> {
  const github = { event_name: 'schedule', ref: 'refs/heads/main', sha: 'a'.repeat(40) };
  const secrets = {
    ...vps?.secrets,
    DB_PASSWORD: SECRET,
    JWT_SECRET_KEY: 'j'.repeat(40),
    SMTP_HOST: 'mail.example.com',
    SMTP_PORT: '587',
    PG_CONN_STR: 'postgres://u:p@db/state',
  };
  let artifact = '';
  const looked = await runJob(look!, {
    folder: project.folder,
    github,
    secrets,
    actions: {
      'actions/upload-artifact': ({ path }) => {
        artifact = readFileSync(path!, 'utf8');
      },
    },
  });
  const told = await runJob(issue!, {
    folder: project.folder,
    github,
    env: fake.env,
    needs: { look: { result: looked.result } },
    actions: {
      'actions/download-artifact': ({ path }) => {
        mkdirSync(path!, { recursive: true });
        writeFileSync(join(path!, 'drift.json'), artifact);
      },
    },
  });
  jobs.push(looked, told);
  return { looked, told };
}

onServer('nothing to tell opens nothing, and the plan takes no lock', async () => {
  const { looked, told } = await run();
  expect([looked.result, told.result]).toEqual(['success', 'success']);
  expect(fake.issues).toEqual([]);
  expect(project.call('plan')?.env.TF_CLI_ARGS_plan).toBe('-lock=false');
  // By the name of the certificate: the server is known by its address alone.
  expect(project.call('status')?.args).toEqual([
    '--json',
    '--stack',
    'shop',
    '--server-name',
    'shop.example.com',
  ]);
});

onServer('one issue is opened, updated, and closed when all is well again', async () => {
  project.plans({
    code: 2,
    markdown: '<!-- plan -->\n## Plan\n\nuserservice scaled by hand to 3, returns to 2\n',
  });
  await run();
  expect(fake.issues).toMatchObject([{ title: 'The platform has drifted', state: 'open' }]);
  expect(fake.issues[0]!.body).toContain('scaled by hand to 3, returns to 2');
  expect(fake.issues[0]!.body).toContain('/acme/swarm/actions/runs/42');

  const broken = service({
    ok: false,
    running: 1,
    health: 'degraded',
    problem: 'no suitable node `x`\n@octocat',
  });
  const certificate = { daysLeft: 14, problem: null, selfSigned: false };
  project.ends('status', 1, JSON.stringify(status({ services: [broken], certificate })));
  await run();
  expect(fake.issues).toHaveLength(1);
  expect(fake.issues[0]!.title).toBe('The platform is not well: 2 things');
  expect(fake.issues[0]!.body).toContain(
    "- service `userservice` is degraded, 1 of 2 run: `no suitable node 'x' @octocat`\n",
  );
  expect(fake.issues[0]!.body).toContain('- the certificate expires in 14 days\n');

  project.plans({ code: 0, markdown: 'nothing\n' });
  project.ends('status', 0, JSON.stringify(status()));
  await run();
  expect(fake.issues).toMatchObject([{ state: 'closed' }]);
});

onServer('a server that cannot be asked is told, not passed over', async () => {
  project.ends('status', 6, '');
  project.ends('plan', 1, '');
  project.ends('synth', 1);
  const { looked } = await run();
  expect(looked.result).toBe('success');
  expect(fake.issues[0]!.body).toContain('- the server cannot be asked\n');
  expect(fake.issues[0]!.body).toContain('There is no plan: there is no plan (exit code 1).');
});

onServer('a secret in the report keeps all of it back, and that is told', async () => {
  const leaky = service({ ok: false, problem: `Access denied, password ${SECRET}` });
  project.ends('status', 1, JSON.stringify(status({ services: [leaky] })));
  const { looked, told } = await run();
  expect(looked.result).toBe('failure');
  expect(looked.log + looked.summary + told.log + fake.issues[0]!.body).not.toContain(SECRET);
  expect(fake.issues[0]!.title).toBe('The look at the platform failed');
});
