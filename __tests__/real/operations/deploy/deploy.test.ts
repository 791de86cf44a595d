import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { read } from '../../../../cli/run/deploy';
import { deploy as verb } from '../../../../cli/verbs/deploy';
import { deploy } from '../../../../operations/deploy/deploy';
import { Console } from '../../../../operations/terminal/console';
import { callOf } from '../../../support/cli/call';
import { makePair } from '../../../support/programs/certificates';
import { type FakeDaemon, fakeDaemon } from '../../../unit/operations/docker/fake-daemon';
import { stateOf } from '../../../unit/operations/state/states';

/** A project whose synth writes one service, a Terraform that does what the test says, a Swarm that stands still. */
let project: string;
let daemon: FakeDaemon;
let said: string;

const IMAGE = 'registry.test/web:v1';
const container = { image: IMAGE };
const declared = {
  name: 'shop_web',
  labels: [{ label: 'com.docker.stack.namespace', value: 'shop' }],
  mode: { replicated: { replicas: 1 } },
  task_spec: { container_spec: container },
};
const healthcheck = [{ test: ['CMD', 'true'], interval: '5s', timeout: '3s' }];
const before = {
  mode: [{ replicated: [{ replicas: 1 }] }],
  update_config: [{ order: 'start-first', parallelism: 1 }],
  task_spec: [{ container_spec: [{ image: 'web:v0', healthcheck }] }],
};
const after = { ...before, task_spec: [{ container_spec: [{ image: 'web:v1', healthcheck }] }] };
const PLANNED = {
  type: 'docker_service',
  name: 'web',
  mode: 'managed',
  change: { actions: ['update'], before, after },
};
let planned: object[];
let drifted: object[];
let taskState: string;
const STATE = stateOf([{ type: 'docker_service', name: 'web', id: 's1', as: 'shop_web', namespace: 'shop' }]);

beforeEach(async () => {
  project = mkdtempSync(join(tmpdir(), 'deploy-'));
  daemon = await fakeDaemon((request, _body, response) => {
    const path = (request.url ?? '').split('?')[0]!;
    const Swarm = { ControlAvailable: true, LocalNodeState: 'active' };
    const Description = { Resources: { NanoCPUs: 4e9, MemoryBytes: 2 ** 33 } };
    const Spec = {
      Name: 'shop_web',
      TaskTemplate: { ContainerSpec: { Image: IMAGE } },
      Mode: { Replicated: { Replicas: 1 } },
    };
    const created = '2026-01-02T03:04:05Z';
    const service = { ID: 's1', Version: { Index: 1 }, CreatedAt: created, UpdatedAt: created, Spec };
    const answers: Record<string, unknown> = {
      '/info': { SystemTime: new Date().toISOString(), ServerVersion: '26.1.5', DockerRootDir: '/', Swarm },
      '/nodes': [{ Spec: { Availability: 'active' }, Status: { State: 'ready' }, Description }],
      '/services': [service],
      '/services/shop_web': service,
      '/tasks': [
        {
          ID: 't1',
          ServiceID: 's1',
          CreatedAt: created,
          DesiredState: 'running',
          Spec: Spec.TaskTemplate,
          Status: { State: taskState, Timestamp: created },
        },
      ],
      '/containers/json': [],
      '/secrets': [{ ID: 'secret1', Spec: { Name: 'shop_key_1' } }],
      '/networks': [{ Id: 'network1', Name: 'shop_shop' }],
    };
    response.end(JSON.stringify(answers[path] ?? {}));
  });
  const json = {
    terraform: {},
    provider: { docker: [{ host: daemon.host }] },
    variable: { db_password: {}, from_command: { default: '' } },
    '//': { deploy: { commands: { from_command: ['echo', 'geheim'] } } },
    resource: { docker_service: { web: declared } },
  };
  mkdirSync(join(project, 'build'));
  writeFileSync(
    join(project, 'build', 'synth.mjs'),
    `import { mkdirSync, writeFileSync } from 'node:fs';
const out = process.env.CDKTF_OUTDIR;
mkdirSync(out + '/stacks/swarm', { recursive: true });
writeFileSync(out + '/stacks/swarm/cdk.tf.json', ${JSON.stringify(JSON.stringify(json))});
writeFileSync(out + '/manifest.json', JSON.stringify({ stacks: { swarm: {
  name: 'swarm', workingDirectory: 'stacks/swarm', synthesizedStackPath: 'stacks/swarm/cdk.tf.json' } } }));
if (process.env.PLATFORM_ENVIRONMENT === 'broken') {
  console.error('error: no such environment');
  process.exit(1);
}`,
  );
  planned = [PLANNED];
  drifted = [];
  taskState = 'running';
  terraform('exit 1');
  said = '';
});
afterEach(async () => {
  delete process.env.TERRAFORM_BINARY_NAME;
  rmSync(project, { recursive: true });
  await daemon.stop();
});

const calls = () => (existsSync(join(project, 'calls')) ? readFileSync(join(project, 'calls'), 'utf8') : '');
function preventDestroyEndsThePlan() {
  const diagnostic = { severity: 'error', summary: 'Instance cannot be destroyed' };
  terraform(
    'exit 0',
    `case "$PWD" in *plan-production*) exit 2;; esac; echo '${JSON.stringify({ '@message': 'm', diagnostic })}'; exit 1`,
  );
}

function terraform(apply: string, plan = 'exit 2', state = STATE) {
  const path = join(project, 'terraform');
  writeFileSync(
    path,
    `#!/bin/sh
echo "$1" >> '${project}/calls'
case "$1" in
init) mkdir -p .terraform;;
plan) echo secret > deploy.tfplan; ${plan};;
show) echo '${JSON.stringify({ resource_changes: planned, resource_drift: drifted })}';;
state) echo '${state}';;
apply) ${apply};;
esac`,
    { mode: 0o755 },
  );
  process.env.TERRAFORM_BINARY_NAME = path;
}
const report = (outcome: string) =>
  `echo '${JSON.stringify({ service: 'shop_web', outcome, reason: 'so', seconds: 1, replaced: 1, report: 'r' })}' > "$ROLLOUT_REPORTS/shop_web.json"`;

async function run(args: string[], shell: Record<string, string> = { TF_VAR_db_password: 'x' }) {
  const spies = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'write').mockImplementation((chunk: unknown) => {
      said += String(chunk);
      return true;
    }),
  );
  try {
    return await deploy({
      options: read(callOf(verb, args)),
      console: new Console(false, { CI: 'true' }),
      signal: new AbortController().signal,
      shell,
      projectFolder: project,
    });
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

test('a deploy is converged when Terraform and the gate say so, and leaves no plan and no lock behind', async () => {
  terraform(report('converged'));
  const result = await run(['--yes']);
  expect(result).toMatchObject({
    outcome: 'converged',
    exitCode: 0,
    error: null,
    stack: 'swarm',
    environment: 'production',
    services: [{ service: 'web', change: 'update: web:v0 → web:v1', outcome: 'converged', seconds: 1 }],
    runs: [{ service: 'web', running: '1 × web:v1' }],
  });
  const out = join(project, 'cdktf.out.deploy-production');
  expect(existsSync(join(out, 'stacks', 'swarm', 'deploy.tfplan'))).toBe(false);
  expect(existsSync(`${out}.lock`)).toBe(false);
});

test('the exit code is the gate’s, though Terraform’s is always 1', async () => {
  terraform(`${report('rolledBack')}; exit 1`);
  expect(await run(['--yes'])).toMatchObject({ outcome: 'rolledBack', exitCode: 2, error: 'shop_web: so' });
  expect(said).toMatch(
    /ROLLED BACK[\s\S]*runs now:[\s\S]*next: correct what failed, then \.\/proctor deploy/,
  );
});

test('a failure that no gate tells is 1, with Terraform’s words', async () => {
  const diagnostic = { severity: 'error', summary: 'Error creating network' };
  terraform(`echo '${JSON.stringify({ '@message': 'm', diagnostic })}'; exit 1`);
  expect(await run(['--yes'])).toMatchObject({
    outcome: 'failed',
    exitCode: 1,
    error: 'Error creating network',
  });
});

test('what .env and a command give reaches Terraform, not synth, and is not shown', async () => {
  writeFileSync(join(project, '.env'), "TF_VAR_db_password='a b'\nVPS_NAME=here\n", { mode: 0o600 });
  const said_to = (name: string) =>
    `printf '%s|' "$TF_VAR_db_password" "$TF_VAR_from_command" "$VPS_NAME" > '${join(project, name)}'`;
  terraform(`${said_to('terraform.saw')}; ${report('converged')}`);
  writeFileSync(
    join(project, 'build', 'synth.mjs'),
    `${readFileSync(join(project, 'build', 'synth.mjs'), 'utf8')}
import { execSync } from 'node:child_process';
execSync(${JSON.stringify(said_to('synth.saw'))});`,
  );
  expect(await run(['--yes'], {})).toMatchObject({ outcome: 'converged' });
  expect(readFileSync(join(project, 'terraform.saw'), 'utf8')).toBe('a b|geheim|here|');
  expect(readFileSync(join(project, 'synth.saw'), 'utf8')).toBe('||here|');
  expect(said).toMatch(/asking for from_command: echo geheim/);
  expect(said.replace(/asking for .*/, '')).not.toMatch(/geheim|a b/);
});

test('a failed check stops before Terraform is called at all', async () => {
  expect(await run(['--yes'], {})).toMatchObject({ outcome: 'preflight', exitCode: 1, plan: null });
  expect(said).toMatch(/✗ variables +TF_VAR_db_password is missing/);
  expect(calls()).toBe('');
});

test('a server that cannot be reached is exit code 6', async () => {
  await daemon.down();
  expect(await run(['--yes'])).toMatchObject({ outcome: 'unreachable', exitCode: 6 });
  expect(calls()).toBe('');
});

test('without a terminal and without --yes it shows the plan and applies nothing', async () => {
  expect(await run([])).toMatchObject({ outcome: 'refused', exitCode: 1 });
  expect(said).toMatch(
    /update +web +image web:v0 → web:v1 · rolling, start-first · about 8 s · no downtime[\s\S]*--yes/,
  );
  expect(calls()).toBe('init\nstate\nplan\nshow\n');
});

test('downtime is not applied without its name, with it it is', async () => {
  const [old, next] = [0, 1].map((version) => ({
    ...before,
    update_config: [{ order: 'stop-first', parallelism: 1 }],
    task_spec: [{ container_spec: [{ image: `web:v${version}` }] }],
  }));
  planned = [{ ...PLANNED, change: { actions: ['update'], before: old, after: next } }];
  terraform(report('converged'));
  expect(await run(['--yes'])).toMatchObject({
    outcome: 'refused',
    exitCode: 1,
    error: expect.stringMatching(/^the policy stops this plan/),
    plan: { needs: [{ name: 'web' }] },
  });
  expect(calls()).toBe('init\nstate\nplan\nshow\n');
  expect(said).toMatch(/STOPPED: web: DOWNTIME about 1 s[\s\S]*ACKNOWLEDGE=web/);
  expect(await run(['--yes', '--acknowledge', 'web'])).toMatchObject({ outcome: 'converged', exitCode: 0 });
});

describe('a probe', () => {
  const { certificate, privateKey } = makePair({ names: 'DNS:localhost' });
  const message = (type: string, addr: string) =>
    `echo '${JSON.stringify({ '@message': 'm', type, hook: { resource: { addr }, action: 'update' } })}'`;
  /** Requests fail for a second after Terraform has begun with the service. */
  const outage = (from = '') =>
    terraform(`${from}
touch '${project}/down'; sleep 1; rm '${project}/down'
${message('apply_complete', 'null_resource.web_rollout')}
${report('converged')}`);
  let server: Server;
  beforeEach(async () => {
    server = createServer({ cert: certificate, key: privateKey }, (_, response) => {
      response.writeHead(existsSync(join(project, 'down')) ? 503 : 200).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port: published_port } = server.address() as AddressInfo;
    const synth = join(project, 'build', 'synth.mjs');
    const added = `
const path = process.env.CDKTF_OUTDIR + '/stacks/swarm/cdk.tf.json';
const json = JSON.parse(readFileSync(path, 'utf8'));
json['//'].deploy.probe = { paths: ['/'], onFailure: 'rollback' };
json.resource.docker_service.web.endpoint_spec = { ports: [{ published_port: ${published_port}, target_port: 443 }] };
writeFileSync(path, JSON.stringify(json));`;
    writeFileSync(synth, `import { readFileSync } from 'node:fs';\n${readFileSync(synth, 'utf8')}${added}`);
    const stopFirst = { ...before, update_config: [{ order: 'stop-first', parallelism: 1 }] };
    const next = { ...stopFirst, task_spec: after.task_spec };
    planned = [{ ...PLANNED, change: { actions: ['update'], before: stopFirst, after: next } }];
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  test('does not count what was acknowledged, and so neither stops the deploy nor puts anything back', async () => {
    outage(message('apply_start', 'docker_service.web'));
    const result = await run(['--yes', '--acknowledge', 'web']);
    expect(result).toMatchObject({ outcome: 'converged', probe: { failures: 0, breaches: [] } });
    expect(result.probe!.covered).toBeGreaterThan(0);
    expect(said).toContain('what fails while it changes does not count for 14 s');
  });

  test('counts what fails before the acknowledged change begins', async () => {
    outage();
    expect(await run(['--yes', '--acknowledge', 'web'])).toMatchObject({
      exitCode: 1,
      probe: { breaches: [expect.stringMatching(/requests failed, none may/)] },
    });
  });
});

describe('a port that moves to another service', () => {
  beforeEach(() => {
    const endpoint_spec = [{ ports: [{ published_port: 443, protocol: 'tcp' }] }];
    const edge = { mode: [{ replicated: [{ replicas: 1 }] }], endpoint_spec };
    const change = (name: string, actions: string[], was: object | null, will: object | null) => ({
      ...PLANNED,
      name,
      change: { actions, before: was, after: will },
    });
    planned = [
      change('web', ['update'], { ...before, endpoint_spec }, after),
      change('edge', ['create'], null, edge),
    ];
  });

  test('wants the name of the one that takes it, and its gate ends as soon as Swarm has decided', async () => {
    terraform(`echo "$ROLLOUT_HANDOVER" > '${project}/handover'; ${report('converged')}`);
    expect(await run(['--yes'])).toMatchObject({ outcome: 'refused', plan: { needs: [{ name: 'edge' }] } });
    expect(await run(['--yes', '--acknowledge', 'edge'])).toMatchObject({ outcome: 'converged' });
    expect(readFileSync(join(project, 'handover'), 'utf8')).toBe('shop_web\n');
  });

  test('what its gate then did not see is seen at the end', async () => {
    terraform(report('converged'));
    taskState = 'starting';
    expect(await run(['--yes', '--acknowledge', 'edge'])).toMatchObject({
      outcome: 'unwell',
      exitCode: 7,
      error: 'web: 0 of 1 tasks run, starting',
    });
  });
});

test('a plan that prevent_destroy refuses is shown all the same, and not applied', async () => {
  planned = [
    { ...PLANNED, change: { actions: ['delete', 'create'], before, after, replace_paths: [['name']] } },
  ];
  preventDestroyEndsThePlan();
  expect(await run(['--yes', '--acknowledge', 'web'])).toMatchObject({
    outcome: 'refused',
    exitCode: 1,
    error: expect.stringMatching(/ALLOW_DESTROY=1/),
    plan: { services: [{ service: 'web', action: 'replace', how: 'name changed' }] },
  });
  expect(said).toMatch(/REPLACE +web .*\(name changed\) · DOWNTIME/);
  expect(calls()).not.toMatch(/apply/);
});

test('where a command makes equal what Terraform can only replace, a deploy that is refused has it', async () => {
  const with_ = (service: object, driver_name: string) => ({
    ...service,
    name: 'shop_web',
    task_spec: [
      {
        container_spec: [
          {
            image: 'web:v1',
            mounts: [
              { type: 'volume', source: 'shop_data', target: '/data', volume_options: [{ driver_name }] },
            ],
          },
        ],
      },
    ],
  });
  const replace_paths = [['task_spec', 0, 'container_spec', 0, 'mounts']];
  const actions = ['delete', 'create'];
  planned = [
    {
      ...PLANNED,
      change: { actions, before: with_(before, 'local'), after: with_(after, ''), replace_paths },
    },
  ];
  preventDestroyEndsThePlan();
  expect(await run(['--yes', '--acknowledge', 'web'])).toMatchObject({
    outcome: 'refused',
    error: expect.stringMatching(
      /ALLOW_DESTROY=1[\s\S]*\n {4}docker service update --mount-add type=volume,source=shop_data,target=\/data shop_web$/,
    ),
  });
});

describe('a read that fails and makes the provider forget what is there', () => {
  const lost = (type: string, id: string, name: string) => ({
    type,
    name,
    mode: 'managed',
    change: { actions: ['delete'], before: { id, name }, after: null },
  });
  const blind = `echo '${JSON.stringify({ '@message': 'm', diagnostic: { severity: 'error', summary: 'Instance cannot be destroyed' } })}'; exit 1`;

  test('ends the deploy before anything is changed', async () => {
    drifted = [lost('docker_secret', 'secret1', 'shop_key_1')];
    terraform('exit 0');
    await expect(run(['--yes'])).rejects.toThrow(
      /would forget it: the secret shop_key_1; nothing was changed\n {2}run it again/,
    );
    expect(calls()).toBe('init\nstate\nplan\nshow\nplan\nshow\n');
  });

  test('nor is ALLOW_DESTROY advised where it is the network, which would replace every service', async () => {
    drifted = [lost('docker_network', 'network1', 'shop_shop')];
    planned = [{ ...PLANNED, change: { actions: ['delete', 'create'], before, after } }];
    terraform('exit 0', `case "$PWD" in *plan-production*) exit 2;; esac; ${blind}`);
    await expect(run(['--yes', '--acknowledge', 'web'])).rejects.toThrow(
      /would forget it: the network shop_shop/,
    );
    drifted = [];
    planned = [PLANNED];
    terraform('exit 0', `case "$PWD" in *plan-production*) exit 2;; esac; ${blind}`);
    await expect(run(['--yes'])).rejects.toThrow(
      /a second look saw it; nothing was changed\n {2}run it again/,
    );
    expect(calls()).not.toMatch(/apply/);
  });
});

test('nothing to do is neither asked about nor applied', async () => {
  terraform('exit 1', 'exit 0');
  expect(await run([])).toMatchObject({ outcome: 'unchanged', exitCode: 0 });
  expect(calls()).toBe('init\nstate\nplan\n');
});

test('nothing to do is no success where a service is not well: it says which, and has an exit code of its own', async () => {
  terraform('exit 1', 'exit 0');
  taskState = 'starting';
  expect(await run([])).toMatchObject({ outcome: 'unwell', exitCode: 7 });
  expect(said).toContain('  web: 0 of 1 tasks run, starting\n');
  expect(said).toContain('nothing is to be deployed, and 1 service is not well');
});

test('a state that does not know what runs ends it before a plan, with the way back', async () => {
  terraform('exit 1', 'exit 2', '');
  expect(await run(['--yes'])).toMatchObject({ outcome: 'refused', exitCode: 1, plan: null });
  expect(said).toContain('the server runs a service that the state does not know: shop_web');
  expect(said).toContain('./proctor state recover');
  expect(calls()).toBe('init\nstate\n');
});

test('the state of another platform ends it before a plan', async () => {
  const users = { type: 'docker_service', name: 'users', id: 's9', as: 'acme_users', namespace: 'acme' };
  terraform('exit 1', 'exit 2', stateOf([users]));
  expect(await run(['--yes'])).toMatchObject({ outcome: 'refused', exitCode: 1 });
  expect(said).toContain('it belongs to the platform "acme" (acme_users), this is "shop"');
  expect(calls()).toBe('init\nstate\n');
});

test('a failed synth ends it, and the next deploy is not locked out', async () => {
  await expect(run(['--environment', 'broken'])).rejects.toThrow(
    'the synth failed, nothing was changed\nno such environment',
  );
  expect(existsSync(join(project, 'cdktf.out.deploy-broken.lock'))).toBe(false);
});

test('a restart of Docker under all tasks is asked for by its name before a step runs on the server', async () => {
  const said = 'differs daemon: daemon.json: debug\nrestarts daemon: Docker, and with it every task';
  const json = {
    terraform: {},
    '//': { host: { server: 'ssh://deploy@203.0.113.10:22', sshOptions: [], steps: ['daemon'] } },
    resource: {
      null_resource: {
        daemon: { provisioner: [{ 'local-exec': { environment: { HOST_STEP: `echo '${said}'` } } }] },
      },
    },
  };
  const synth = join(project, 'build', 'synth.mjs');
  const stack =
    "host: { name: 'host', workingDirectory: 'stacks/host', synthesizedStackPath: 'stacks/host/cdk.tf.json' }";
  const text = readFileSync(synth, 'utf8').replace('{ stacks: { swarm', `{ stacks: { ${stack}, swarm`);
  writeFileSync(
    synth,
    `${text}\nmkdirSync(out + '/stacks/host', { recursive: true });
writeFileSync(out + '/stacks/host/cdk.tf.json', ${JSON.stringify(JSON.stringify(json))});`,
  );
  writeFileSync(join(project, 'ssh'), '#!/bin/sh\nexec sh -s\n', { mode: 0o755 });
  planned = [{ address: 'null_resource.daemon', change: { actions: ['create'] } }] as never;
  terraform('exit 1');
  const path = process.env.PATH;
  process.env.PATH = `${project}:${path}`;
  try {
    expect(await run(['--yes'])).toMatchObject({
      outcome: 'refused',
      exitCode: 1,
      host: { needs: [{ name: 'host' }], ran: [] },
      error: expect.stringMatching(/^the policy stops/),
    });
    expect(calls()).not.toContain('apply');
    // Let through, the step runs.
    const through = await run(['--yes', '--acknowledge', 'host']);
    expect(through).toMatchObject({
      outcome: 'failed',
      error: expect.stringContaining('terraform apply ended with 1'),
    });
    expect(calls()).toContain('apply');
  } finally {
    process.env.PATH = path;
  }
});
