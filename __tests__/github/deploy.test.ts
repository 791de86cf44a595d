import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FakeDaemon, fakeDaemon } from '../operations/docker/fake-daemon';
import { freePorts } from '../support/loopback';
import { type Door, openDoor, synthesized } from './support/door';
import { FakeGitHub } from './support/fake-github';
import { forget, type Ran, runJob, type Setting } from './support/job';
import { Project } from './support/project';
import { onServer, SSHD, startVps, type Vps } from './support/vps';
import { workflow } from './support/workflow';

const { deploy, images } = workflow('deploy').jobs;
const CANARY = 'canary pass/word+1';
const SSE = Buffer.alloc(32, 7).toString('base64');

let vps: Vps | undefined;
let daemon: FakeDaemon;
let project: Project;
let door: Door;
let secrets: Record<string, string>;
const jobs: Ran[] = [];

beforeAll(async () => {
  daemon = await fakeDaemon((_request, _body, response) => response.end('OK'));
  if (SSHD) vps = await startVps(daemon);
  project = new Project();
  door = await openDoor(project.folder);
  synthesized(project.folder, { serverName: 'proctorwise.example.com', selfSigned: true });
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
    ...{
      DB_PASSWORD: CANARY,
      JWT_SECRET_KEY: 'j'.repeat(40),
      SMTP_HOST: 'mail.example.com',
      SMTP_PORT: '587',
    },
    ...{
      AWS_ACCESS_KEY_ID: 'AKIAKEY',
      AWS_SECRET_ACCESS_KEY: 'secret-of-the-bucket',
      AWS_SSE_CUSTOMER_KEY: SSE,
    },
  };
  writeFileSync(project.path('calls.jsonl'), '');
  for (const name of ['deploy', 'state:doctor']) project.ends(name, 0);
  project.plans({ code: 2, markdown: '<!-- plan of swarm -->\n## Plan of swarm\n\nnothing but good\n' });
});
afterEach(() => jobs.splice(0).forEach(forget));

async function run(more: Partial<Setting> = {}): Promise<Ran> {
  const github = { event_name: 'push', ref: 'refs/heads/main', sha: 'a'.repeat(40) };
  const needs = { images: { result: 'skipped' } };
  const ran = await runJob(deploy!, {
    folder: project.folder,
    github,
    secrets,
    needs,
    env: door.env,
    ...more,
  });
  jobs.push(ran);
  return ran;
}

/** Nothing of a secret is in what people see. */
function expectNoLeak(ran: Ran): void {
  const seen = ran.log + ran.summary;
  for (const value of [
    CANARY,
    SSE,
    'secret-of-the-bucket',
    encodeURIComponent(CANARY),
    secrets.VPS_SSH_KEY ?? '-',
  ]) {
    for (const line of value.split(/\r?\n/).filter((one) => one.length > 12 && !one.startsWith('-----'))) {
      expect(seen).not.toContain(line);
      expect(seen).not.toContain(Buffer.from(line).toString('base64'));
    }
  }
}

const outcomes = ({ steps }: Ran) => Object.fromEntries(steps.map(({ name, outcome }) => [name, outcome]));
const scripts = () => project.called.map(({ script }) => script);

describe('a push', () => {
  onServer(
    'goes through every step, with the same values for each, tells what it did, and leaves nothing behind',
    async () => {
      const ran = await run();
      expect(ran.log).not.toContain('::error');
      expect(ran.result).toBe('success');
      expect(ran.steps.filter(({ name }) => !name.includes('/')).map(({ name }) => name)).toEqual([
        'npm ci --ignore-scripts --no-audit --no-fund',
        'Check the secrets and log in to the server',
        ...['Prove the state', 'Plan', 'Deploy', 'Look from outside', 'Forget the key'],
      ]);
      expect(scripts()).toEqual(['state:doctor', 'plan', 'deploy']);
      for (const { env, keys } of project.called) {
        expect(env).toMatchObject({
          ...{ VPS_HOST: '127.0.0.1', VPS_PORT: String(vps!.port), TF_VAR_db_password: CANARY },
          ...{ TF_VAR_smtp_port: '587', TF_VAR_smtp_username: '', AWS_SSE_CUSTOMER_KEY: SSE },
          ...{ TF_INPUT: '0', CHECKPOINT_DISABLE: '1', CI: 'true', ACKNOWLEDGE: '' },
        });
        // The key is in the agent and nowhere else.
        expect(JSON.stringify(env)).not.toContain('PRIVATE KEY');
        expect(keys).toContain('ED25519');
      }
      expect(project.call('deploy')?.args).toEqual(['--yes']);
      expect(project.call('plan')?.args).toEqual(expect.arrayContaining(['--gate', '--json']));
      expectNoLeak(ran);

      const { summary } = ran;
      expect(summary).toMatch(/^## Plan of swarm\n\nnothing but good\n/);
      expect(summary).toContain('✅ https://…/health answers 200');
      expect(summary).toContain('✅ http://…/ redirects to https');
      expect(summary).toContain('nobody vouches for the certificate: DEPTH_ZERO_SELF_SIGNED_CERT');

      // Nothing is left behind: 2 is ssh-add without an agent.
      const { SSH_AUTH_SOCK } = project.call('deploy')!.env;
      expect(SSH_AUTH_SOCK).toBeDefined();
      expect(spawnSync('ssh-add', ['-l'], { env: { PATH: process.env.PATH, SSH_AUTH_SOCK } }).status).toBe(2);
      expect(() => readFileSync(`${ran.temp}/vps-ssh/config`)).toThrow();
    },
  );

  test('of another branch deploys nothing', async () => {
    const github = { event_name: 'workflow_dispatch', ref: 'refs/heads/feature', sha: 'a'.repeat(40) };
    expect((await run({ github })).result).toBe('skipped');
  });
});

describe('a bare server', () => {
  onServer('has no plan yet, and is deployed to: the deploy prepares it first', async () => {
    vps!.docker(false);
    const ran = await run();
    vps!.docker(true);
    expect(ran.log).not.toContain('::error');
    expect(scripts()).toEqual(['state:doctor', 'deploy']);
    expect(ran.summary).toContain(
      '## No plan yet\n\nthere is no Docker client (18.09 or later) at the server.',
    );
  });
});

describe('stops before anything is changed', () => {
  const nothingDeployed = (ran: Ran) => {
    expect(ran.result).toBe('failure');
    expect(scripts()).not.toContain('deploy');
    expectNoLeak(ran);
  };

  onServer('without a secret, and names all that are missing', async () => {
    Object.assign(secrets, { DB_PASSWORD: '', SMTP_PORT: 'smtp' });
    const ran = await run();
    nothingDeployed(ran);
    expect(scripts()).toEqual([]);
    expect(ran.log).toContain('::error title=DB_PASSWORD::the secret DB_PASSWORD is absent or empty%0A');
    expect(ran.log).toContain('::error title=SMTP_PORT::the secret SMTP_PORT is not a port');
    expect(ran.log).toContain('gh secret set DB_PASSWORD --env production');
  });

  onServer('with a known_hosts for another host', async () => {
    secrets.VPS_KNOWN_HOSTS = secrets.VPS_KNOWN_HOSTS!.replace('127.0.0.1', '203.0.113.99');
    const ran = await run();
    nothingDeployed(ran);
    expect(ran.log).toContain('has no key of VPS_HOST');
    expect(vps!.log()).not.toContain('203.0.113.99');
  });

  onServer('when the server shows another key than the one that is pinned', async () => {
    secrets.VPS_KNOWN_HOSTS = secrets.VPS_KNOWN_HOSTS!.replace(
      /AAAA\S+/,
      'AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl',
    );
    const ran = await run();
    nothingDeployed(ran);
    expect(ran.log).toContain('the server shows a host key that is not in VPS_KNOWN_HOSTS');
  });

  onServer('when the server does not take the key', async () => {
    const other = await startVps();
    secrets.VPS_SSH_KEY = other.secrets.VPS_SSH_KEY!;
    await other.stop();
    const ran = await run();
    nothingDeployed(ran);
    expect(ran.log).toContain('the server does not take the key VPS_SSH_KEY for the user VPS_USER');
  });

  onServer('when nothing answers there, without telling the address', async () => {
    const [port] = (await freePorts(1)) as [number];
    Object.assign(secrets, {
      VPS_PORT: String(port),
      VPS_KNOWN_HOSTS: secrets.VPS_KNOWN_HOSTS!.replace(/:\d+\]|\]:\d+/, `]:${port}`),
    });
    const ran = await run();
    nothingDeployed(ran);
    expect(ran.log).toContain('VPS_HOST cannot be reached');
    expect(ran.log).not.toContain('127.0.0.1');
  });

  onServer('when the state is not proved', async () => {
    project.ends('state:doctor', 1);
    const ran = await run();
    nothingDeployed(ran);
    expect(scripts()).toEqual(['state:doctor']);
    expect(outcomes(ran)['Forget the key']).toBe('success');
  });

  onServer('when the policy stops the plan, and says what to acknowledge', async () => {
    const json = {
      policy: { passes: false, missing: [{ name: 'mariadb' }, { name: 'kafka' }, { name: 'mariadb' }] },
    };
    project.plans({ code: 1, markdown: '## Plan of swarm: stopped\n', json });
    const ran = await run();
    nothingDeployed(ran);
    expect(ran.log).toContain('with "acknowledge": mariadb,kafka');
    expect(ran.summary).toContain('## Plan of swarm: stopped');
  });

  onServer('when there is no plan', async () => {
    project.ends('plan', 1, '{"policy":null,"error":"no state"}');
    const ran = await run();
    nothingDeployed(ran);
    expect(ran.log).toContain('there is no plan (exit code 1)');
  });

  onServer('when the plan has a secret in it, which is shown nowhere', async () => {
    project.plans({ code: 2, markdown: `setting DATABASE=mysql://u:${CANARY}@mariadb\n` });
    const ran = await run();
    nothingDeployed(ran);
    expect(ran.log).toContain('the plan has the value of DB_PASSWORD in it and is not shown');
    expect(ran.summary).toBe('');
  });

  onServer('when Terraform is to log everything', async () => {
    const ran = await run({ env: { ...door.env, TF_LOG: 'DEBUG' } });
    nothingDeployed(ran);
    expect(scripts()).toEqual([]);
    expect(ran.log).toContain('TF_LOG is set, and such a log prints passwords');
  });
});

describe('the key', () => {
  const spoilt: [string, (key: string) => string][] = [
    ['with line breaks of Windows', (key) => key.replaceAll('\n', '\r\n')],
    ['without its last line break', (key) => key.trimEnd()],
  ];
  for (const [words, spoil] of spoilt) {
    onServer(`${words} lets the job in`, async () => {
      secrets.VPS_SSH_KEY = spoil(secrets.VPS_SSH_KEY!);
      // As far as the step after it, which is enough to see.
      project.ends('state:doctor', 1);
      const ran = await run();
      expect(ran.log).not.toContain('::error');
      expect(project.call('state:doctor')?.keys).toContain('ED25519');
      expectNoLeak(ran);
    });
  }

  onServer('that is damaged inside is refused by OpenSSH, in words', async () => {
    const lines = secrets.VPS_SSH_KEY!.split('\n');
    lines[3] = `${lines[3]!.slice(0, -4)}AAAA`;
    secrets.VPS_SSH_KEY = lines.join('\n');
    const ran = await run();
    expect(ran.result).toBe('failure');
    expect(ran.log).toContain('::error title=VPS_SSH_KEY::the secret VPS_SSH_KEY ');
    expect(scripts()).toEqual([]);
    expectNoLeak(ran);
  });
});

describe('what was acknowledged', () => {
  onServer('reaches plan and deploy as it was written, and no shell', async () => {
    const inputs = { acknowledge: 'mariadb,$(touch pwned);`touch pwned`' };
    await run({ inputs });
    for (const script of ['plan', 'deploy'])
      expect(project.call(script)?.env.ACKNOWLEDGE).toBe(inputs.acknowledge);
    expect(() => readFileSync(project.path('pwned'))).toThrow();
  });
});

describe('a deploy that fails', () => {
  onServer('fails the job, and says whether the state is free', async () => {
    project.ends('deploy', 2);
    const ran = await run();
    expect(ran.result).toBe('failure');
    expect(outcomes(ran)).toMatchObject({
      Deploy: 'failure',
      'Is the state free?': 'success',
      'Forget the key': 'success',
    });
    expect(outcomes(ran)['Look from outside']).toBeUndefined();
  });
});

describe('a cancelled job', () => {
  onServer('reaches the deploy, which ends in good order', async () => {
    project.ends('deploy', 0, '', { waits: true });
    const when = async () => {
      while (!scripts().includes('deploy')) await sleep(50);
      await sleep(300);
    };
    const ran = await run({ cancelIn: { step: 'Deploy', when } });
    expect(ran.result).toBe('cancelled');
    expect(scripts()).toEqual(['state:doctor', 'plan', 'deploy', 'SIGINT']);
    expect(outcomes(ran)).toMatchObject({ 'Is the state free?': 'success', 'Forget the key': 'success' });
  });
});

describe('images that the applications send', () => {
  const DIGEST = `sha256:${'ab'.repeat(32)}`;
  let fake: FakeGitHub;
  beforeEach(async () => {
    fake = await FakeGitHub.start();
    writeFileSync(project.path('images.lock.json'), '{}\n');
  });
  afterEach(() => fake.stop());

  async function send(payload: object): Promise<Ran> {
    const github = {
      event_name: 'repository_dispatch',
      ref: 'refs/heads/main',
      event: { client_payload: payload },
    };
    const ran = await runJob(images!, { folder: project.folder, github, env: fake.env });
    jobs.push(ran);
    return ran;
  }

  test('are one commit on the branch, and that commit is what is deployed', async () => {
    const ran = await send({ images: { userservice: DIGEST }, source: 'acme/proctorwise@1a2b3c4' });
    expect(ran.log).not.toContain('::error');
    expect(fake.commits).toMatchObject([
      {
        branch: 'main',
        message: "Images: userservice\n\nSent by the applications' CI from acme/proctorwise@1a2b3c4.\n",
        text: `{\n  "ghcr.io/proctorwise/proctorwise-userservice:1.0.0": "${DIGEST}"\n}\n`,
      },
    ]);
    expect(ran.outputs).toEqual({ sha: '1'.repeat(40) });
    const refs: string[] = [];
    const needs = { images: { result: 'success', outputs: ran.outputs } };
    const github = { event_name: 'repository_dispatch', ref: 'refs/heads/main', sha: 'a'.repeat(40) };
    await run({ github, needs, actions: { 'actions/checkout': ({ ref }) => refs.push(ref!) } });
    expect(refs).toEqual(['1'.repeat(40)]);
  });

  test('that are there already make no commit', async () => {
    fake.file = `{\n  "ghcr.io/proctorwise/proctorwise-userservice:1.0.0": "${DIGEST}"\n}\n`;
    const ran = await send({ images: { userservice: DIGEST } });
    expect(fake.commits).toEqual([]);
    expect(ran.outputs).toEqual({ sha: '0'.repeat(40) });
  });

  test.each([
    [{ images: { 'no-such-service': DIGEST } }, 'no-such-service is neither a service nor an image'],
    [{ images: { userservice: 'latest' } }, 'has no digest for userservice'],
    [{ images: { '$(touch pwned)': DIGEST } }, 'has a name in `images` that is neither a service'],
    [{}, 'has no object `images`'],
  ])('and make no sense deploy nothing: %j', async (payload, words) => {
    const ran = await send(payload);
    expect(ran.result).toBe('failure');
    expect(ran.log).toContain(words);
    expect(fake.commits).toEqual([]);
    const github = { event_name: 'repository_dispatch', ref: 'refs/heads/main' };
    expect((await run({ github, needs: { images: { result: 'failure' } } })).result).toBe('skipped');
  });

  test('are no part of a push', async () => {
    const github = { event_name: 'push', ref: 'refs/heads/main' };
    expect((await runJob(images!, { folder: project.folder, github })).result).toBe('skipped');
  });
});
