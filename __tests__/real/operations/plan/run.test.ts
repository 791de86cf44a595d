import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { read } from '../../../../cli/run/plan';
import { plan as verb } from '../../../../cli/verbs/plan';
import { hideAll, runPlan } from '../../../../operations/plan/run';
import { Console } from '../../../../operations/terminal/console';
import { code } from '../../../../operations/terminal/untrusted';
import { callOf } from '../../../support/cli/call';
import { type FakeDaemon, fakeDaemon } from '../../../unit/operations/docker/fake-daemon';

/** A project whose synth writes one service, a Terraform that does what the test says, a server that has room. */
let project: string;
let daemon: FakeDaemon;
let said: string;
let planned: object[];
let text: string;
let running: object[];
let volumes: object[];
let locks: object[];
/** The status with which the server answers for its nodes. */
let room: number;

const PASSWORD = 'correct-horse-battery';
const SHELL = { TF_VAR_db_password: PASSWORD };
const service = (image: string, order = 'start-first') => ({
  mode: [{ replicated: [{ replicas: 1 }] }],
  update_config: [{ order, parallelism: 1 }],
  task_spec: [{ container_spec: [{ image }] }],
});
const update = (image: string, order?: string) => ({
  type: 'docker_service',
  name: 'web',
  mode: 'managed',
  change: { actions: ['update'], before: service('web:v0', order), after: service(image, order) },
});

const DECLARED = {
  labels: [{ label: 'com.docker.stack.namespace', value: 'shop' }],
  mode: { replicated: { replicas: 1 } },
  update_config: { order: 'start-first', parallelism: 1 },
  task_spec: { container_spec: {}, resources: { reservation: { nano_cpus: 5e8, memory_bytes: 2 ** 30 } } },
};

beforeEach(async () => {
  project = mkdtempSync(join(tmpdir(), 'plan-'));
  [running, volumes, locks, room] = [[], [], [], 200];
  daemon = await fakeDaemon((request, _body, response) => {
    const Description = { Resources: { NanoCPUs: 4e9, MemoryBytes: 2 ** 33 } };
    const nodes = [{ Spec: { Availability: 'active' }, Status: { State: 'ready' }, Description }];
    const isNodes = /\/nodes/.test(request.url ?? '');
    if (isNodes) response.statusCode = room;
    const isVolumes = /\/volumes/.test(request.url ?? '');
    if (request.url?.includes('proctor.lock')) response.end(JSON.stringify(locks));
    else response.end(JSON.stringify(isVolumes ? { Volumes: volumes } : isNodes ? nodes : running));
  });
  const json = {
    terraform: {},
    provider: { docker: [{ host: daemon.host }] },
    variable: { db_password: { sensitive: true } },
    resource: { docker_service: { web: { name: 'shop_web', ...DECLARED } } },
  };
  mkdirSync(join(project, 'build'));
  writeFileSync(
    join(project, 'build', 'synth.mjs'),
    `import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
const out = process.env.CDKTF_OUTDIR;
mkdirSync(out + '/stacks/swarm', { recursive: true });
appendFileSync('synths', process.env.ALLOW_DESTROY + '\\n');
writeFileSync(out + '/stacks/swarm/cdk.tf.json', ${JSON.stringify(JSON.stringify(json))});
writeFileSync(out + '/manifest.json', JSON.stringify({ stacks: { swarm: {
  name: 'swarm', workingDirectory: 'stacks/swarm', synthesizedStackPath: 'stacks/swarm/cdk.tf.json' } } }));`,
  );
  [said, planned, text] = ['', [update('web:v1')], '# docker_service.web will be updated in-place'];
});
afterEach(async () => {
  delete process.env.TERRAFORM_BINARY_NAME;
  rmSync(project, { recursive: true });
  await daemon.stop();
});

const calls = () => readFileSync(join(project, 'calls'), 'utf8').trim().split('\n');
function terraform(plan = 'exit 2') {
  const path = join(project, 'terraform');
  writeFileSync(join(project, 'shown.json'), JSON.stringify({ resource_changes: planned }));
  writeFileSync(join(project, 'shown.txt'), text);
  const script = `#!/bin/sh
echo "$@" >> '${project}/calls'
case "$*" in
init*) mkdir -p .terraform;;
plan*) echo secret > deploy.tfplan; ${plan};;
*-json*) cat '${project}/shown.json';;
show*) cat '${project}/shown.txt';;
esac`;
  writeFileSync(path, script, { mode: 0o755 });
  process.env.TERRAFORM_BINARY_NAME = path;
}

async function run(args: string[] = [], shell: Record<string, string> = SHELL, plan?: string) {
  terraform(plan);
  const spies = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'write').mockImplementation((chunk: unknown) => {
      said += String(chunk);
      return true;
    }),
  );
  try {
    return await runPlan({
      options: read(callOf(verb, args)),
      console: new Console(false, {}),
      shell,
      projectFolder: project,
      signal: new AbortController().signal,
    });
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

test('Terraform gets what only the .env file says, the state’s login for example', async () => {
  writeFileSync(join(project, '.env'), 'STATE_LOGIN=of-the-state\n', { mode: 0o600 });
  await run([], SHELL, `echo "$STATE_LOGIN" > '${project}/login'; exit 2`);
  expect(readFileSync(join(project, 'login'), 'utf8')).toBe('of-the-state\n');
});

test('says that deploys are locked, also where nothing is to be done; the exit code is no other', async () => {
  const lock = { who: 'anna@laptop', since: '2026-01-02T03:04:05Z', why: 'the data\nmoves' };
  expect(await run()).toMatchObject({ exitCode: 2, locked: null });
  locks = [{ ID: 'l1', Spec: { Data: Buffer.from(JSON.stringify(lock)).toString('base64') } }];
  const words = 'deploys are locked by anna@laptop since 2026-01-02 03:04 UTC: the data\ufffdmoves';
  for (const [plan, exitCode] of [
    ['exit 2', 2],
    ['exit 0', 0],
  ] as const) {
    said = '';
    expect(await run(['--markdown', 'plan.md'], SHELL, plan)).toMatchObject({ exitCode, locked: words });
    expect(said).toContain(`  ! ${words}\n`);
    expect(readFileSync(join(project, 'plan.md'), 'utf8')).toContain(`- 🔒 ${code(words)}\n`);
  }
});

test('names what carries the stack’s name and nobody knows, also where nothing is to be done; the exit code is no other', async () => {
  volumes = [{ Name: 'shop_old_data', Labels: null }, { Name: 'theirs' }];
  const line = 'not in the catalogue, left alone: volume shop_old_data';
  const strangers = [{ type: 'docker_volume', name: 'shop_old_data' }];
  expect(await run(['--markdown', 'plan.md'])).toMatchObject({ exitCode: 2, strangers });
  expect(said).toContain(`  ${line}\n`);
  expect(readFileSync(join(project, 'plan.md'), 'utf8')).toContain(`- ${code(line)}\n`);
  said = '';
  expect(await run(['--markdown', 'plan.md'], SHELL, 'exit 0')).toMatchObject({ exitCode: 0, strangers });
  expect(said).toContain(`  ${line}\n`);
  expect(readFileSync(join(project, 'plan.md'), 'utf8')).toContain(`- ${code(line)}\n`);
});

test('says what changes and exits with 2; nothing is locked, applied or left behind', async () => {
  expect(await run()).toMatchObject({
    stack: 'swarm',
    environment: 'production',
    exitCode: 2,
    error: null,
    plan: { services: [{ service: 'web', downtime: false }] },
    policy: { passes: true },
    capacity: { fits: true },
  });
  expect(said).toMatch(
    /update +web +image web:v0 → web:v1 · rolling, start-first · about 1 s · requests may fail/,
  );
  expect(said).toMatch(/capacity while web roll: 1 of 4 CPU and 2 of 8 GiB are reserved/);
  expect(calls().map((call) => call.split(' ')[0])).toEqual(['init', 'state', 'plan', 'show', 'show']);
  expect(calls()[2]).toMatch(/-lock=false/);
  const out = join(project, 'cdktf.out.plan-production');
  expect(existsSync(join(out, 'stacks', 'swarm', 'deploy.tfplan'))).toBe(false);
  expect(existsSync(`${out}.lock`)).toBe(false);
});

test('what prevent_destroy would refuse is looked at, too: nobody can apply this plan', async () => {
  await run();
  expect(readFileSync(join(project, 'synths'), 'utf8')).toBe('1\n');
});

test('nothing to do is exit code 0, in the comment, too', async () => {
  expect(await run(['--markdown', 'plan.md'], SHELL, 'exit 0')).toMatchObject({ exitCode: 0, plan: null });
  expect(readFileSync(join(project, 'plan.md'), 'utf8')).toMatch(/nothing to do/);
});

describe('downtime', () => {
  beforeEach(() => {
    planned = [update('web:v1', 'stop-first')];
  });

  test('is exit code 3, acknowledged or not', async () => {
    expect(await run()).toMatchObject({ exitCode: 3, policy: { passes: false } });
    expect(await run(['--acknowledge', 'web'])).toMatchObject({ exitCode: 3, policy: { passes: true } });
  });

  test('with --gate is an error, until it is acknowledged by its name', async () => {
    const stopped = await run(['--gate', '--acknowledge', 'edge']);
    expect(stopped).toMatchObject({ exitCode: 1, error: expect.stringMatching(/policy/) });
    expect(await run(['--gate', '--acknowledge', 'web'])).toMatchObject({ exitCode: 3, error: null });
  });
});

test('the comment holds the plan and Terraform’s own text', async () => {
  await run(['--markdown', 'plan.md']);
  const comment = readFileSync(join(project, 'plan.md'), 'utf8');
  expect(comment).toMatch(
    /^<!-- plan of swarm -->[\s\S]*<code>web<\/code>[\s\S]*# docker_service\.web will be/,
  );
});

describe('a secret', () => {
  const url = `mysql://u:${Buffer.from(`x:${PASSWORD}`).toString('base64')}@db`;

  test('in the text is a failure, and no comment is written', async () => {
    text = `+ env = "${url}"`;
    await expect(run(['--markdown', 'plan.md'])).rejects.toThrow(/^plan\.md would show TF_VAR_db_password/);
    expect(existsSync(join(project, 'plan.md'))).toBe(false);
  });

  test('in an image’s name is a failure before a word of the plan is said', async () => {
    planned = [update(`web:${PASSWORD}`)];
    await expect(run()).rejects.toThrow(/^the plan would show TF_VAR_db_password/);
    expect(said).not.toContain(PASSWORD);
  });

  test('in an error is not told with it', () => {
    expect(hideAll(`bad value ${PASSWORD}`, SHELL)).toBe('bad value <TF_VAR_db_password>');
  });
});

test('values of the .env file are given to Terraform, and are secrets like any other', async () => {
  writeFileSync(join(project, '.env'), `TF_VAR_db_password='${PASSWORD}'\n`, { mode: 0o600 });
  expect(await run([], {}, `[ "$TF_VAR_db_password" = '${PASSWORD}' ] && exit 2; exit 1`)).toMatchObject({
    exitCode: 2,
    error: null,
  });
  text = `+ password = "${PASSWORD}"`;
  await expect(run(['--markdown', 'plan.md'], {})).rejects.toThrow(/would show TF_VAR_db_password/);
});

test('a missing variable is named before Terraform runs', async () => {
  await expect(run([], {})).rejects.toThrow(/^TF_VAR_db_password is missing\n {2}export TF_VAR_db_password/);
  expect(existsSync(join(project, 'calls'))).toBe(false);
});

test('a failed plan says why, and leaves no plan', async () => {
  const diagnostic = { severity: 'error', summary: 'Cannot connect to the Docker daemon' };
  const failing = `echo '${JSON.stringify({ '@message': 'm', diagnostic })}'; exit 1`;
  await expect(run([], SHELL, failing)).rejects.toThrow(
    /the plan failed, nothing was changed\nCannot connect/,
  );
  expect(existsSync(join(project, 'cdktf.out.plan-production', 'stacks', 'swarm', 'deploy.tfplan'))).toBe(
    false,
  );
});

test('a server that does not say what it has room for costs that one line', async () => {
  room = 500;
  expect(await run()).toMatchObject({ exitCode: 2, capacity: null });
});

test('a server that cannot be reached is said so, before Terraform plans', async () => {
  await daemon.down();
  await expect(run()).rejects.toThrow(daemon.host);
  expect(calls().map((call) => call.split(' ')[0])).toEqual(['init', 'state']);
});

test('a state that does not know what runs is refused, as a deploy does', async () => {
  running = [{ Spec: { Name: 'shop_web' } }];
  await expect(run()).rejects.toThrow(/the state does not know: shop_web\n/);
  expect(calls().map((call) => call.split(' ')[0])).toEqual(['init', 'state']);
});

describe('with a stack for the server itself', () => {
  const path = process.env.PATH;
  afterEach(() => {
    process.env.PATH = path;
  });

  /** Its one step says `words`; it is asked through an ssh that leads nowhere else. */
  function serverSays(words: string): void {
    const json = {
      '//': { host: { server: 'ssh://deploy@203.0.113.10:22', sshOptions: ['-v'], steps: ['docker'] } },
      resource: {
        null_resource: {
          docker: { provisioner: [{ 'local-exec': { environment: { HOST_STEP: `echo '${words}'` } } }] },
        },
      },
    };
    const stack =
      "{ name: 'host', workingDirectory: 'stacks/host', synthesizedStackPath: 'stacks/host/cdk.tf.json' }";
    const synth = join(project, 'build', 'synth.mjs');
    const text = readFileSync(synth, 'utf8').replace(
      '{ stacks: { swarm',
      `{ stacks: { host: ${stack}, swarm`,
    );
    writeFileSync(
      synth,
      `${text}
mkdirSync(out + '/stacks/host', { recursive: true });
writeFileSync(out + '/stacks/host/cdk.tf.json', ${JSON.stringify(JSON.stringify(json))});`,
    );
    writeFileSync(join(project, 'ssh'), '#!/bin/sh\nexec sh -s\n', { mode: 0o755 });
    process.env.PATH = `${project}${delimiter}${path}`;
  }

  test('what differs there is a change, in the text, the comment and the JSON', async () => {
    serverSays('differs docker: Docker is not installed');
    expect(await run(['--markdown', 'plan.md'], SHELL, 'exit 0')).toMatchObject({
      exitCode: 2,
      plan: null,
      server: ['docker: Docker is not installed'],
    });
    expect(said).toMatch(/server +docker: Docker is not installed/);
    expect(said).not.toContain('nothing to do');
    const comment = readFileSync(join(project, 'plan.md'), 'utf8');
    expect(comment).toMatch(
      /✅ the server alone\n\n- server: <code>docker: Docker is not installed<\/code>\n/,
    );
    expect((await run()).plan?.services).toHaveLength(1);
  });

  describe('that restarts Docker under all tasks', () => {
    const needs = [{ name: 'host', why: 'Docker restarts, and with it every task' }];
    beforeEach(() =>
      serverSays(
        'differs daemon: Docker runs with older settings\nrestarts daemon: Docker, and with it every task',
      ),
    );

    test.each([
      ['beside services', 'exit 2'],
      ['alone', 'exit 0'],
    ])('%s needs the name host', async (_, plan) => {
      const args = ['--markdown', 'plan.md'];
      expect(await run(args, SHELL, plan)).toMatchObject({
        exitCode: 3,
        error: null,
        policy: { passes: false, missing: needs },
        server: ['daemon: Docker runs with older settings'],
      });
      expect(said).toContain('STOPPED: host: Docker restarts, and with it every task');
      expect(said).not.toContain('downtime: none');
      const comment = readFileSync(join(project, 'plan.md'), 'utf8');
      expect(comment).toMatch(/: ⛔ stopped by the policy\n[\s\S]*<code>ACKNOWLEDGE&#61;host<\/code>/);
      expect(comment).not.toMatch(/no downtime|downtime: none/);

      expect(await run(['--gate'], SHELL, plan)).toMatchObject({ exitCode: 1, error: expect.anything() });
      const through = await run([...args, '--gate', '--acknowledge', 'host'], SHELL, plan);
      expect(through).toMatchObject({
        exitCode: 3,
        policy: { passes: true, acknowledged: needs, unused: [] },
      });
      expect(readFileSync(join(project, 'plan.md'), 'utf8')).toContain('⚠️ acknowledged, with downtime');
    });
  });

  test('a server that is as it should be is no change', async () => {
    serverSays('ok docker: Docker 26.1.5');
    expect(await run([], SHELL, 'exit 0')).toMatchObject({ exitCode: 0, server: [] });
  });

  test('what only a person can put right is told instead of a plan', async () => {
    serverSays('failed docker: no sudo');
    await expect(run()).rejects.toThrow('docker: no sudo');
  });

  test('where there is no Docker to plan for, the reason is beside Terraform’s words', async () => {
    serverSays('differs docker: Docker is not installed');
    await expect(run([], SHELL, 'echo "no daemon" >&2; exit 1')).rejects.toThrow(
      /no daemon[\s\S]*the server is not ready yet, docker: Docker is not installed/,
    );
  });
});
