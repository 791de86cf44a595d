import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { read } from '../../../../cli/run/deploy';
import { readBack } from '../../../../cli/run/rollback';
import { deploy as verb } from '../../../../cli/verbs/deploy';
import { rollback } from '../../../../cli/verbs/rollback';
import type { Release } from '../../../../contract/release';
import { deploy } from '../../../../operations/deploy/deploy';
import type { DeployOptions } from '../../../../operations/deploy/options';
import { pack, unpack } from '../../../../operations/records/packed';
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
/** What the deploy kept, decoded. */
let kept: { readonly Name: string; readonly Labels: object; release: Release }[];
let refuseConfigs: string | undefined;
const STATE = stateOf([{ type: 'docker_service', name: 'web', id: 's1', as: 'shop_web', namespace: 'shop' }]);

beforeEach(async () => {
  project = mkdtempSync(join(tmpdir(), 'deploy-'));
  kept = [];
  refuseConfigs = undefined;
  daemon = await fakeDaemon((request, body, response) => {
    const path = (request.url ?? '').split('?')[0]!;
    if (path === '/configs/create' && refuseConfigs) {
      response.writeHead(500).end(JSON.stringify({ message: refuseConfigs }));
      return;
    }
    if (path === '/configs/create') {
      const { Name, Labels, Data } = JSON.parse(body);
      kept.push({ Name, Labels, release: decoded(Data) });
      response.writeHead(201).end(JSON.stringify({ ID: `c${kept.length}` }));
      return;
    }
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
      '/configs': inLabel(request.url).map(({ Name, Labels, release }, at) => ({
        ID: `c${at + 1}`,
        Spec: { Name, Labels, Data: Buffer.from(JSON.stringify(release)).toString('base64') },
      })),
      '/secrets': [{ ID: 'secret1', Spec: { Name: 'shop_key_1' } }],
      '/networks': [{ Id: 'network1', Name: 'shop_shop' }],
    };
    response.end(JSON.stringify(answers[path] ?? {}));
  });
  writeStack();
  mkdirSync(join(project, 'build'));
  writeFileSync(
    join(project, 'build', 'synth.mjs'),
    `import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
const out = process.env.CDKTF_OUTDIR;
mkdirSync(out + '/stacks/swarm', { recursive: true });
copyFileSync('stack.json', out + '/stacks/swarm/cdk.tf.json');
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

/** As Docker filters. */
const inLabel = (url = '') => {
  const { label = [] } = JSON.parse(new URL(url, 'http://docker').searchParams.get('filters') ?? '{}');
  const [name, value] = String(label).split('=') as [string, string];
  return kept.filter(
    ({ Labels }) => label.length === 0 || (Labels as Record<string, string>)[name] === value,
  );
};

const decoded = (data: string) => JSON.parse(Buffer.from(data, 'base64').toString()) as Release;

/** What the next synth writes. */
function writeStack(change: { image?: string; deploy?: object; more?: object } = {}): void {
  const { image = IMAGE, deploy: settings = {}, more = {} } = change;
  const json = {
    terraform: { backend: { local: { path: 'here.tfstate' } } },
    provider: { docker: [{ host: daemon.host }] },
    variable: { db_password: {}, from_command: { default: '' } },
    '//': { deploy: { commands: { from_command: ['echo', 'geheim'] }, ...settings } },
    resource: { docker_service: { web: { ...declared, task_spec: { container_spec: { image } } } } },
    ...more,
  };
  writeFileSync(join(project, 'stack.json'), JSON.stringify(json));
}

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

const run = (args: string[], shell?: Record<string, string>) => runWith(read(callOf(verb, args)), shell);
const goBack = (to: string, shell?: Record<string, string>) =>
  runWith(readBack(callOf(rollback, ['--to', to, '--yes']), to), shell);

async function runWith(options: DeployOptions, shell: Record<string, string> = { TF_VAR_db_password: 'x' }) {
  const spies = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'write').mockImplementation((chunk: unknown) => {
      said += String(chunk);
      return true;
    }),
  );
  try {
    return await deploy({
      options,
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

describe('the record that a deploy leaves on the server', () => {
  test('has a number, who, the plan, the verdict and the stack, and no address', async () => {
    terraform(report('converged'));
    expect(await run(['--yes'])).toMatchObject({ release: 1 });
    expect(await run(['--yes'])).toMatchObject({ release: 2 });
    expect(kept.map(({ Name }) => Name)).toEqual(['shop.release.1', 'shop.release.2']);
    const [{ Labels, release }] = kept as [(typeof kept)[0]];
    expect(Labels).toEqual({ 'proctor.release': 'shop', 'proctor.release.number': '1' });
    expect(release).toMatchObject({
      number: 1,
      environment: 'production',
      outcome: 'converged',
      services: [{ service: 'web', change: 'update: web:v0 → web:v1', outcome: 'converged', seconds: 1 }],
      plan: expect.arrayContaining([expect.stringMatching(/^update +web +image web:v0 → web:v1/)]),
      images: { web: IMAGE },
    });
    const { stack } = unpack(release);
    expect(stack).toMatchObject({ resource: { docker_service: { web: { name: 'shop_web' } } } });
    expect(JSON.stringify(stack)).not.toContain(daemon.host);
    expect(said).toMatch(/^release 1$/m);
  });

  test('names the commit that the stack was made of, not one that was made while the plan was looked at', async () => {
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.example', ...args], {
        cwd: project,
        encoding: 'utf8',
      }).trim();
    git('init', '--quiet');
    writeFileSync(join(project, '.git', 'info', 'exclude'), '*\n');
    git('commit', '--quiet', '--allow-empty', '--message=deployed');
    const commit = git('rev-parse', 'HEAD');
    const later = 'git -c user.name=a -c user.email=a@b.example commit --quiet --allow-empty --message=later';
    terraform(report('converged'), `(cd '${project}' && ${later}) >&2; exit 2`);
    expect(await run(['--yes'])).toMatchObject({ release: 1 });
    expect(git('rev-parse', 'HEAD')).not.toBe(commit);
    expect(kept[0]!.release).toMatchObject({ commit, clean: true });
  });

  test('is there for a deploy that failed, and not where nothing was applied', async () => {
    expect(await run([])).not.toHaveProperty('release');
    terraform('exit 0', 'exit 0');
    expect(await run(['--yes'])).not.toHaveProperty('release');
    expect(kept).toEqual([]);
    terraform(`${report('rolledBack')}; exit 1`);
    expect(await run(['--yes'])).toMatchObject({ exitCode: 2, release: 1 });
    expect(kept[0]!.release).toMatchObject({ outcome: 'rolledBack', exitCode: 2 });
  });

  test('is there once for what runs and is well, where the one before had not converged', async () => {
    terraform(`${report('rolledBack')}; exit 1`);
    await run(['--yes']);
    terraform('exit 0', 'exit 0');
    taskState = 'failed';
    expect(await run(['--yes'])).not.toHaveProperty('release');
    taskState = 'running';
    expect(await run(['--yes'])).toMatchObject({ outcome: 'unchanged', exitCode: 0, release: 2 });
    expect(said).toMatch(
      /release 1 ended with rolledBack; nothing is left to do and all is well[\s\S]*release 2\n/,
    );
    expect(kept[1]!.release).toMatchObject({
      number: 2,
      outcome: 'unchanged',
      exitCode: 0,
      images: { web: IMAGE },
    });
    expect(await run(['--yes'])).not.toHaveProperty('release');
    expect(kept).toHaveLength(2);
  });

  test('fails no deploy where it cannot be kept, which is said', async () => {
    refuseConfigs = 'no space left';
    terraform(report('converged'));
    expect(await run(['--yes'])).toMatchObject({ outcome: 'converged', exitCode: 0, release: null });
    expect(said).toMatch(/this deploy is not recorded as a release: .*no space left/);
  });
});

describe('locked', () => {
  const lock = () =>
    kept.push({
      Name: 'shop.lock',
      Labels: { 'proctor.lock': 'shop' },
      release: { who: 'anna@laptop', since: '2026-01-02T03:04:05Z', why: 'the data moves' } as never,
    });

  test('nobody deploys, and nothing on the server is touched; the reason is told', async () => {
    lock();
    terraform(report('converged'));
    expect(await run(['--yes'])).toMatchObject({
      outcome: 'refused',
      exitCode: 1,
      error:
        'deploys are locked by anna@laptop since 2026-01-02 03:04 UTC: the data moves; nothing was changed\n  when that is over: ./proctor unlock',
    });
    expect(calls()).toBe('');
  });

  test('while the plan was looked at, it is not applied', async () => {
    terraform(report('converged'), `touch '${project}/locked'; sleep 0.2; exit 2`);
    const poll = setInterval(() => {
      if (!existsSync(join(project, 'locked'))) return;
      clearInterval(poll);
      lock();
    }, 5);
    expect(await run(['--yes'])).toMatchObject({
      outcome: 'refused',
      plan: { services: [{ service: 'web' }] },
    });
    expect(calls()).not.toMatch(/apply/);
  });
});

describe('back to a release', () => {
  const applied = () => JSON.parse(readFileSync(join(project, 'applied.json'), 'utf8'));
  beforeEach(async () => {
    terraform(`cp cdk.tf.json '${project}/applied.json'; ${report('converged')}`);
    await run(['--yes']);
    writeStack({ image: 'registry.test/web:v2' });
    await run(['--yes']);
    rmSync(join(project, 'calls'));
    said = '';
  });

  test('applies what is on record with today’s way to the server and today’s state, and is a release itself', async () => {
    kept[0]!.release = { ...kept[0]!.release, commit: 'abcdef0123456789' };
    writeStack({
      image: 'registry.test/web:v2',
      more: { terraform: { backend: { local: { path: 'moved.tfstate' } } } },
    });
    expect(await goBack('previous')).toMatchObject({ outcome: 'converged', release: 3 });
    expect(applied()).toMatchObject({
      terraform: { backend: { local: { path: 'moved.tfstate' } } },
      provider: { docker: [{ host: daemon.host }] },
      resource: {
        docker_service: { web: { name: 'shop_web', task_spec: { container_spec: { image: IMAGE } } } },
      },
    });
    expect(kept[2]!.release).toMatchObject({ number: 3, of: 1, commit: 'abcdef0123456789' });
    expect(said).toMatch(/back to release 1 of swarm[\s\S]*from abcdef012\n[\s\S]*rolls forward again/);
    // Twice does not lead forward.
    await expect(goBack('previous')).rejects.toThrow('no release before 1');
  });

  test('prevents destruction as the shell says now, and not as it did then', async () => {
    writeStack({
      more: { resource: { docker_service: { web: { ...declared, lifecycle: { prevent_destroy: true } } } } },
    });
    await goBack('1');
    expect(applied().resource.docker_service.web.lifecycle).toEqual({ prevent_destroy: true });
    writeStack();
    await goBack('1');
    expect(applied().resource.docker_service.web.lifecycle).toEqual({});
  });

  const repacked = (change: object) => {
    const { release } = kept[0]!;
    const { stack, ...parts } = unpack(release);
    kept[0]!.release = { ...release, packed: pack({ ...parts, stack: { ...(stack as object), ...change } }) };
  };
  test.each<[string, () => void, RegExp]>([
    ['no such release', () => kept.pop(), /there is no release 9/],
    [
      'its stack left out',
      () => (kept[0]!.release = { ...kept[0]!.release, packed: pack({ specs: {} }), leftOut: 'so' }),
      /its stack is not on record: so/,
    ],
    [
      'gates of another version',
      () => (kept[0]!.release = { ...kept[0]!.release, gates: 99 }),
      /its gates are of version 99/,
    ],
    [
      'another provider',
      () =>
        repacked({
          terraform: { required_providers: { docker: { source: 'kreuzwerker/docker', version: '2.0.0' } } },
        }),
      /it wants the provider docker 2\.0\.0, and the state is now of none/,
    ],
    [
      'an older image of what has data',
      () =>
        repacked({
          '//': { deploy: { stateful: ['web'] } },
          resource: {
            docker_service: { web: { ...declared, task_spec: { container_spec: { image: 'web:v0' } } } },
          },
        }),
      /web runs web:v1, and release 1 has web:v0: its data may have moved on/,
    ],
    [
      'a file that nobody has',
      () =>
        repacked({
          locals: { pair: '${file("../../../tls/chain.pem")}', sql: '${path.module}/assets/users.sql' },
        }),
      /needs the file assets\/users\.sql, .*\n {2}it needs the file \.\.\/\.\.\/\.\.\/tls\/chain\.pem/,
    ],
  ])('is refused before anything changes: %s', async (_, prepare, words) => {
    prepare();
    await expect(goBack(String(words).includes('release 9') ? '9' : '1')).rejects.toThrow(words);
    expect(calls()).toBe('');
    expect(kept.length).toBeLessThan(3);
  });

  test('a variable that it needs and nobody gives is a failed check', async () => {
    repacked({ variable: { db_password: {}, older_key: {} } });
    expect(await goBack('1')).toMatchObject({ outcome: 'preflight', exitCode: 1 });
    expect(said).toMatch(/TF_VAR_older_key is missing/);
    expect(calls()).toBe('');
  });
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
  expect(calls()).toBe('init\nstate\nplan\nstate\n');
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
