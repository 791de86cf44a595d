import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { read } from '../../../../cli/run/deploy';
import { deploy as verb } from '../../../../cli/verbs/deploy';
import { deploy } from '../../../../operations/deploy/deploy';
import { hashOf } from '../../../../operations/docker/standing';
import { makeDryPlan } from '../../../../operations/plan/dry-plan';
import { Console } from '../../../../operations/terminal/console';
import { callOf } from '../../../support/cli/call';
import { type FakeDaemon, fakeDaemon } from '../../../unit/operations/docker/fake-daemon';

// biome-ignore lint/suspicious/noExplicitAny: documents of other programs
type Json = any;

/** One service in a Swarm that a test changes as somebody else would, and a Terraform that does what it says. */
let project: string;
let daemon: FakeDaemon;
let swarm: {
  cluster: string;
  services: Json[];
  secrets: Json[];
  networks: Json[];
  configs: Json[];
  /** @default as many as are wanted */
  tasks?: Json[];
};
let said: string;
/** Requests to what begins so are refused. */
let refused = '';
/** Before that is said. */
let beforeRefusal = async () => {};
/** What somebody else does once, after the state was read and before the server was. */
let onLook: (() => void) | undefined;
/** Of the shell. */
let variables: Record<string, string>;
/** Before it is said whether the platform is locked. */
let answerOfLock = async () => {};

const NAMESPACE = [{ label: 'com.docker.stack.namespace', value: 'shop' }];
const Labels = { 'com.docker.stack.namespace': 'shop' };

const HELD = {
  '@level': 'error',
  '@message': 'Error: Error acquiring the state lock',
  type: 'diagnostic',
  diagnostic: {
    severity: 'error',
    summary: 'Error acquiring the state lock',
    detail:
      'Lock Info:\n  ID: 1\n  Operation: OperationTypePlan\n  Who: anna@laptop\n  Created: 2026-01-02 03:04:05',
  },
};

const at = (name: string) => join(project, name);
const imageOf = (tag: string) => `registry.test/web:${tag}`;

const service = (tag: string, replicas = 1): Json => ({
  ID: 's1',
  Version: { Index: 1 },
  CreatedAt: '2026-01-02T03:04:05Z',
  UpdatedAt: '2026-01-02T03:04:05Z',
  Spec: {
    Name: 'shop_web',
    Labels,
    TaskTemplate: { ContainerSpec: { Image: imageOf(tag) } },
    Mode: { Replicated: { Replicas: replicas } },
  },
});

function writeState(tag: string, serial: number, change: (state: Json) => void = () => {}) {
  const provider = 'provider["registry.terraform.io/kreuzwerker/docker"]';
  const one = (type: string, name: string, attributes: Json) => ({
    mode: 'managed',
    type,
    name,
    provider,
    instances: [{ attributes }],
  });
  const state = {
    version: 4,
    serial,
    lineage: 'lineage1',
    resources: [
      one('docker_service', 'web', {
        id: 's1',
        name: 'shop_web',
        labels: NAMESPACE,
        mode: [{ replicated: [{ replicas: 1 }] }],
        task_spec: [{ container_spec: [{ image: imageOf(tag) }] }],
      }),
      one('docker_network', 'shop', { id: 'n1', name: 'shop_shop', labels: NAMESPACE, driver: 'overlay' }),
      one('docker_secret', 'key', { id: 'k1', name: 'shop_key_1', labels: NAMESPACE, data: 'Z2VoZWlt' }),
    ],
  };
  change(state);
  writeFileSync(at('state.json'), JSON.stringify(state));
}

/** What the catalogue says. @param more blocks of Terraform */
function writeStack(tag: string, more: object = {}) {
  const web = {
    name: 'shop_web',
    labels: NAMESPACE,
    mode: { replicated: { replicas: 1 } },
    task_spec: { container_spec: { image: imageOf(tag) } },
  };
  const stack = {
    terraform: {},
    provider: { docker: [{ host: daemon.host }] },
    variable: { key: { sensitive: true, default: 'geheim' } },
    resource: {
      docker_service: { web },
      docker_secret: { key: { name: 'shop_key_1', data: '${base64encode(var.key)}' } },
    },
    ...more,
  };
  writeFileSync(at('stack.json'), JSON.stringify(stack));
}

/** Another catalogue, of which Terraform finds nothing to do either. */
const writeStackAlike = () => writeStack('v1', { output: { kind: { value: 'new' } } });

/** What its gate leaves. */
function writeReport(more: object = {}) {
  const known = {
    service: 'shop_web',
    outcome: 'converged',
    reason: 'so',
    seconds: 1,
    replaced: 1,
    report: 'r',
  };
  writeFileSync(at('report.json'), JSON.stringify({ ...known, ...more }));
}

const LOOK = {
  environment: 'production',
  shell: {},
  signal: new AbortController().signal,
  say: () => {},
};

/** Releases are on record, too. */
const freshRecords = () => swarm.configs.filter(({ Spec }) => 'proctor.fresh' in Spec.Labels);

let made = 0;
beforeEach(async () => {
  project = mkdtempSync(join(tmpdir(), 'fresh-'));
  swarm = {
    cluster: 'c1',
    services: [service('v1')],
    secrets: [{ ID: 'k1', Spec: { Name: 'shop_key_1', Labels } }],
    networks: [{ Id: 'n1', Name: 'shop_shop', Driver: 'overlay', Labels }],
    configs: [],
  };
  daemon = await fakeDaemon(async (request, body, response) => {
    const url = new URL(request.url ?? '', 'http://docker');
    // What Terraform did.
    if (existsSync(at('applied'))) {
      swarm.services[0].Spec.TaskTemplate.ContainerSpec.Image = imageOf('v2');
      rmSync(at('applied'));
    }
    // What somebody else did meanwhile.
    if (existsSync(at('scaled'))) {
      scale();
      rmSync(at('scaled'));
    }
    if (request.method === 'POST' && url.pathname === '/configs/create') {
      made += 1;
      const ID = `config${made}`;
      swarm.configs.push({ ID, Spec: JSON.parse(body) });
      response.end(JSON.stringify({ ID }));
      return;
    }
    if (request.method === 'DELETE') {
      swarm.configs = swarm.configs.filter(({ ID }) => !url.pathname.endsWith(ID));
      response.end();
      return;
    }
    if (url.pathname === '/networks') {
      onLook?.();
      onLook = undefined;
    }
    if (request.url?.includes('proctor.lock')) await answerOfLock();
    if (refused !== '' && url.pathname.startsWith(refused)) {
      await beforeRefusal();
      response.writeHead(404).end(JSON.stringify({ message: 'not now' }));
      return;
    }
    if (url.pathname === '/networks') writeFileSync(at('looked'), '');
    const { label } = JSON.parse(url.searchParams.get('filters') ?? '{}');
    const [web] = swarm.services;
    const Swarm = {
      ControlAvailable: true,
      LocalNodeState: 'active',
      Cluster: { ID: swarm.cluster },
    };
    const Resources = { NanoCPUs: 4e9, MemoryBytes: 2 ** 33 };
    const answers: Record<string, unknown> = {
      '/info': { SystemTime: new Date().toISOString(), ServerVersion: '26.1.5', DockerRootDir: '/', Swarm },
      '/nodes': [
        { Spec: { Availability: 'active' }, Status: { State: 'ready' }, Description: { Resources } },
      ],
      '/services': swarm.services,
      '/services/shop_web': web,
      '/tasks':
        swarm.tasks ??
        Array.from({ length: web?.Spec.Mode.Replicated.Replicas ?? 0 }, (_, slot) => ({
          ID: `t${slot}`,
          ServiceID: web.ID,
          Slot: slot + 1,
          CreatedAt: web.CreatedAt,
          DesiredState: 'running',
          Spec: web.Spec.TaskTemplate,
          Status: { State: 'running', Timestamp: web.CreatedAt },
        })),
      '/containers/json': [],
      '/secrets': swarm.secrets,
      '/networks': swarm.networks,
      '/configs': swarm.configs.filter(
        ({ Spec }) =>
          !label ||
          label.every((one: string) => {
            const [name = '', value] = one.split('=');
            return Spec.Labels[name] === value;
          }),
      ),
    };
    response.end(JSON.stringify(answers[url.pathname] ?? {}));
  });
  writeStack('v1');
  mkdirSync(at('build'));
  writeFileSync(
    at('build/synth.mjs'),
    `import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
const out = process.env.CDKTF_OUTDIR;
mkdirSync(out + '/stacks/swarm', { recursive: true });
copyFileSync('${at('stack.json')}', out + '/stacks/swarm/cdk.tf.json');
writeFileSync(out + '/manifest.json', JSON.stringify({ stacks: { swarm: {
  name: 'swarm', workingDirectory: 'stacks/swarm', synthesizedStackPath: 'stacks/swarm/cdk.tf.json' } } }));`,
  );
  writeState('v1', 1);
  writeFileSync(at('plan-exit'), '0');
  writeReport();
  const healthcheck = [{ test: ['CMD', 'true'], interval: '5s', timeout: '3s' }];
  const [before, after] = ['v1', 'v2'].map((tag) => ({
    mode: [{ replicated: [{ replicas: 1 }] }],
    update_config: [{ order: 'start-first', parallelism: 1 }],
    task_spec: [{ container_spec: [{ image: imageOf(tag), healthcheck }] }],
  }));
  const change = { actions: ['update'], before, after };
  const web = { type: 'docker_service', name: 'web', mode: 'managed', change };
  const planned = { terraform_version: '1.11.4', resource_changes: [web] };
  writeFileSync(at('planned.json'), JSON.stringify(planned));
  writeFileSync(at('version'), '1.11.4');
  const lock = `provider "registry.terraform.io/kreuzwerker/docker" {\\n  version     = "3.6.2"\\n}\\n`;
  writeFileSync(
    at('terraform'),
    `#!/bin/sh
trap 'echo interrupted >> "${at('calls')}"; kill $sleeper; exit 1' INT
echo "$*" >> '${at('calls')}'
case "$1" in
init) mkdir -p .terraform; printf '${lock}' > .terraform.lock.hcl;;
plan) echo secret > deploy.tfplan
  if [ -e '${at('state-of-another.json')}' ]; then
    until [ -e '${at('looked')}' ]; do sleep 0.1; done
    mv '${at('state-of-another.json')}' '${at('state.json')}'; fi
  case "$*" in *-refresh=false*) if [ -e '${at('takes-long')}' ]; then
    sleep 60 & sleeper=$!; wait
  fi;; esac
  exit "$(cat '${at('plan-exit')}')";;
show) cat '${at('planned.json')}';;
version) [ -e '${at('version')}' ] || exit 1; echo "{\\"terraform_version\\":\\"$(cat '${at('version')}')\\"}";;
state) if [ "$2" = rm ] && [ -e '${at('holds')}' ]; then
    # As Terraform does: it heeds no interrupt.
    trap '' INT; sleep 3; echo 'Error: Error acquiring the state lock' >&2; exit 1; fi
  if [ "$2" = rm ] && [ -e '${at('deploys')}' ]; then
    mv '${at('deploys')}' '${at('state.json')}'; sleep 3
    printf 'Error: Error acquiring the state lock\\n\\nLock Info:\\n  ID:        1\\n  Operation: OperationTypeApply\\n  Who:       anna@laptop\\n' >&2
    exit 1; fi
  cat '${at('state.json')}';;
apply) if [ -e '${at('held')}' ]; then cat '${at('held')}'; mv '${at('held')}' '${at('scaled')}'; exit 1; fi
  [ -e '${at('renewed')}' ] && cp '${at('renewed')}' '${at('certificate')}'
  touch '${at('applied')}'; [ -e '${at('stale')}' ] && exit 1; cp '${at('state-after.json')}' '${at('state.json')}'; echo 0 > '${at('plan-exit')}'
  cp '${at('report.json')}' "$ROLLOUT_REPORTS/shop_web.json";;
esac`,
    { mode: 0o755 },
  );
  process.env.TERRAFORM_BINARY_NAME = at('terraform');
  said = '';
  variables = {};
  onLook = undefined;
});
afterEach(async () => {
  delete process.env.TERRAFORM_BINARY_NAME;
  delete process.env.TF_CLI_ARGS_plan;
  rmSync(project, { recursive: true });
  await daemon.stop();
});

/** Somebody who is asked, and takes their time. */
class Asked extends Console {
  constructor(private readonly meanwhile: () => void) {
    super(false, {});
  }
  override get canAsk() {
    return true;
  }
  override async ask() {
    this.meanwhile();
    return true;
  }
}

/** The same, who does something meanwhile the first time alone. */
function askedOnce(work: () => void): Asked {
  let done = false;
  return new Asked(() => {
    if (!done) work();
    done = true;
  });
}

interface Ran {
  readonly outcome: string;
  readonly error: string | null;
  /** Whether each plan read everything again. */
  readonly refreshed: boolean[];
  readonly said: string;
}

async function run(
  args: readonly string[] = ['--yes'],
  console = new Console(false, { CI: '1' }),
  preflight: readonly string[] = ['--skip-preflight'],
  only?: readonly string[],
): Promise<Ran> {
  said = '';
  rmSync(at('calls'), { force: true });
  const spies = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'write').mockImplementation((chunk: unknown) => {
      said += String(chunk);
      return true;
    }),
  );
  try {
    const { outcome, error } = await deploy({
      options: { ...read(callOf(verb, [...preflight, ...args])), ...(only ? { only } : {}) },
      console,
      signal: new AbortController().signal,
      shell: variables,
      projectFolder: project,
    });
    return { outcome, error, refreshed: plans(), said };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

const plans = (): boolean[] =>
  readFileSync(at('calls'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('plan '))
    .map((line) => !line.includes('-refresh=false'));

/** The next plan has this to do. */
function toDeploy(change?: (state: Json) => void) {
  writeFileSync(at('plan-exit'), '2');
  writeStack('v2');
  const present = readFileSync(at('state.json'), 'utf8');
  writeState('v2', 2, change);
  writeFileSync(at('state-after.json'), readFileSync(at('state.json'), 'utf8'));
  writeFileSync(at('state.json'), present);
}

/** The plan tells of all that the state has, as Terraform's does; of the secret what the catalogue says. */
function planAll() {
  const { resources } = JSON.parse(readFileSync(at('state-after.json'), 'utf8'));
  const planned = JSON.parse(readFileSync(at('planned.json'), 'utf8'));
  const [{ change }] = planned.resource_changes;
  planned.resource_changes = (resources as Json[]).map(({ type, name, instances: [{ attributes }] }) => {
    const after = type === 'docker_secret' ? { ...attributes, data: 'Z2VoZWlt' } : attributes;
    const isWeb = type === 'docker_service';
    return {
      ...{ type, name, mode: 'managed' },
      change: isWeb ? { ...change, after } : { actions: ['no-op'], before: after, after },
    };
  });
  writeFileSync(at('planned.json'), JSON.stringify(planned));
}

/** A plan that says all has no health check. */
const ACKNOWLEDGED = ['--yes', '--acknowledge', 'web'];

const scale = () => Object.assign(swarm.services[0].Spec.Mode.Replicated, { Replicas: 3 });

test('the first plan reads everything and leaves a record; the next one asks nobody but the server', async () => {
  expect(await run()).toMatchObject({
    outcome: 'unchanged',
    refreshed: [true],
    said: expect.stringContaining('everything is read from the server: no deploy has recorded yet'),
  });
  expect(freshRecords().map(({ Spec }) => Spec.Labels)).toEqual([{ 'proctor.fresh': 'shop' }]);
  expect(await run()).toMatchObject({
    outcome: 'unchanged',
    refreshed: [],
    said: expect.stringMatching(
      /holds exactly what the last deploy left, and there is nothing new to plan\n/,
    ),
  });
  writeStackAlike();
  expect(await run()).toMatchObject({
    outcome: 'unchanged',
    refreshed: [false],
    said: expect.stringContaining('Terraform need not read it again'),
  });
  expect(await run()).toMatchObject({ refreshed: [] });
  expect(freshRecords()).toHaveLength(1);
});

describe('Terraform plans all the same', () => {
  test.each<[string, () => void]>([
    ['another stack', writeStackAlike],
    ['another value of a variable', () => Object.assign(variables, { TF_VAR_key: 'other' })],
    ['another Terraform', () => writeFileSync(at('version'), '1.12.0')],
    [
      'options from the shell',
      () => Object.assign(process.env, { TF_CLI_ARGS_plan: '-replace=docker_service.web' }),
    ],
    [
      'data that is read at every plan',
      () => writeStack('v1', { data: { docker_network: { ingress: { name: 'ingress' } } } }),
    ],
  ])('of %s', async (_, change) => {
    await run();
    change();
    expect(await run()).toMatchObject({ outcome: 'unchanged', refreshed: [false] });
  });

  test('where the state is written between the look and the end', async () => {
    await run();
    onLook = () => writeState('v1', 2);
    expect(await run()).toMatchObject({
      outcome: 'unchanged',
      refreshed: [true],
      said: expect.stringContaining('another state was written'),
    });
  });

  test('where the state is written during a plan that reads everything', async () => {
    const older = readFileSync(at('state.json'), 'utf8');
    writeFileSync(at('looked'), '');
    renameSync(at('state.json'), at('state-of-another.json'));
    writeState('v1', 2);
    const seen = readFileSync(at('state.json'), 'utf8');
    // Theirs is there when the plan ends; then somebody restores the one that was looked at.
    expect(await run()).toMatchObject({ outcome: 'unchanged', refreshed: [true] });
    expect(readFileSync(at('state.json'), 'utf8')).toBe(older);
    writeFileSync(at('state.json'), seen);
    expect(await run()).toMatchObject({ outcome: 'unchanged', refreshed: [false] });
  });

  test('where somebody deploys meanwhile: it waits, and looks at what they left', async () => {
    await run();
    const present = readFileSync(at('state.json'), 'utf8');
    writeState('v1', 2);
    renameSync(at('state.json'), at('deploys'));
    writeFileSync(at('state.json'), present);
    const ran = await run();
    expect(ran).toMatchObject({ outcome: 'unchanged', refreshed: [true] });
    expect(ran.said).toContain('the state is locked by anna@laptop (apply,');
    expect(ran.said).toContain('another state was written');
  });

  test('of a file that is renewed while services roll', async () => {
    const locals = { certificate: `\${file("${at('certificate')}")}` };
    writeFileSync(at('certificate'), 'old');
    await run();
    toDeploy();
    planAll();
    writeStack('v2', { locals });
    writeFileSync(at('renewed'), 'new');
    expect(await run(ACKNOWLEDGED)).toMatchObject({ outcome: 'converged' });
    expect(await run()).toMatchObject({ outcome: 'unchanged', refreshed: [false] });
    expect(await run()).toMatchObject({ refreshed: [] });
    writeFileSync(at('certificate'), 'newer');
    expect(await run()).toMatchObject({ refreshed: [false] });
  });

  test('where Terraform does not say which it is; the rest is remembered', async () => {
    rmSync(at('version'));
    await run();
    expect(await run()).toMatchObject({
      outcome: 'unchanged',
      refreshed: [false],
      said: expect.not.stringContaining('again:'),
    });
  });

  test('of all, after a part was applied of which the state says all', async () => {
    await run();
    toDeploy();
    planAll();
    expect(await run(ACKNOWLEDGED, undefined, undefined, ['docker_service.web'])).toMatchObject({
      outcome: 'converged',
    });
    expect(await run()).toMatchObject({ outcome: 'unchanged', refreshed: [false] });
  });

  test('of what was not planned as a whole', async () => {
    expect(await run(['--yes'], undefined, undefined, ['docker_service.web'])).toMatchObject({
      outcome: 'unchanged',
      refreshed: [true],
    });
    expect(await run()).toMatchObject({ outcome: 'unchanged', refreshed: [false] });
  });

  test('and nobody plans where a service does not run: it is told', async () => {
    await run();
    swarm.tasks = [];
    expect(await run()).toMatchObject({ outcome: 'unwell', refreshed: [] });
  });
});

test('a deploy leaves one of what it made, in place of the older one', async () => {
  await run();
  toDeploy();
  expect(await run()).toMatchObject({ outcome: 'converged', refreshed: [false] });
  expect(freshRecords()).toHaveLength(1);
  expect(await run()).toMatchObject({ outcome: 'unchanged', refreshed: [false] });
});

test('after a deploy whose plan said all that the state has, Terraform is not asked again', async () => {
  await run();
  toDeploy();
  planAll();
  expect(await run(ACKNOWLEDGED)).toMatchObject({
    outcome: 'converged',
    refreshed: [false],
  });
  expect(await run()).toMatchObject({ outcome: 'unchanged', refreshed: [] });
});

test('after a deploy whose state is not as the plan said, it is', async () => {
  await run();
  toDeploy(({ resources }) => Object.assign(resources[2].instances[0].attributes, { data: 'b3RoZXI=' }));
  planAll();
  expect(await run(ACKNOWLEDGED)).toMatchObject({
    outcome: 'converged',
    refreshed: [false],
  });
  expect(await run()).toMatchObject({ outcome: 'unchanged', refreshed: [false] });
});

test('a look uses the record, too, and leaves none', async () => {
  const look = (refresh?: boolean) =>
    makeDryPlan({ ...LOOK, projectFolder: project, ...(refresh === undefined ? {} : { refresh }) });
  await look(false);
  expect([freshRecords(), plans()]).toEqual([[], [true]]);
  await run();
  await look(false);
  await look(true);
  await look();
  expect(plans().slice(1)).toEqual([true, true]);
  writeStackAlike();
  await look(false);
  expect(plans().slice(3)).toEqual([false]);
  expect(freshRecords()).toHaveLength(1);
});

test('--refresh reads everything, whatever is proved', async () => {
  await run();
  expect(await run(['--yes', '--refresh'])).toMatchObject({ refreshed: [true] });
});

test.each<[string, () => void, string]>([
  ['scaled', scale, 'service shop_web was changed since the last deploy'],
  ['a secret made again', () => Object.assign(swarm.secrets[0], { ID: 'k2' }), 'secret shop_key_1 is gone'],
  ['another Swarm', () => Object.assign(swarm, { cluster: 'c2' }), 'the record is of another Swarm'],
  [
    'the state written past us',
    () => writeState('v1', 2),
    'the state is not the one that the last deploy left',
  ],
  [
    'tainted',
    () =>
      writeState('v1', 1, ({ resources }) => Object.assign(resources[0].instances[0], { status: 'tainted' })),
    'docker_service.web is tainted',
  ],
])('%s after it: read again, with why', async (_, change, why) => {
  await run();
  change();
  expect(await run()).toMatchObject({ refreshed: [true], said: expect.stringContaining(why) });
});

test('nothing is recorded of a server that is not as the state says, and it says why', async () => {
  scale();
  expect(await run()).toMatchObject({
    said: expect.stringContaining(
      'the next plan reads everything from the server again: Mode of service shop_web is not as in the state',
    ),
  });
  expect(freshRecords()).toEqual([]);
});

test('what another deploy did while this one waited is not taken for its own', async () => {
  toDeploy();
  writeFileSync(at('stale'), '');
  const { outcome, said: words } = await run();
  expect(outcome).toBe('failed');
  expect(words).toMatch(/web .*not reached/);
  expect(swarm.configs.filter(({ Spec }) => 'proctor.release' in Spec.Labels)).toEqual([]);
});

test('a service that somebody changes after its gate is not what was deployed', async () => {
  toDeploy();
  writeReport({ specification: hashOf(service('v2', 2).Spec) });
  expect(await run()).toMatchObject({
    outcome: 'superseded',
    error: expect.stringContaining('web: somebody changed it after its gate had passed'),
  });
});

test('nothing is recorded where somebody changes a service right after Terraform', async () => {
  // Terraform wrote v2 with one replica, and now there are three.
  swarm.services = [service('v1', 1)];
  toDeploy(({ resources }) =>
    Object.assign(resources[0].instances[0].attributes.mode[0].replicated[0], { replicas: 3 }),
  );
  expect(await run()).toMatchObject({
    outcome: 'converged',
    said: expect.stringContaining('reads everything'),
  });
  expect(freshRecords()).toEqual([]);
});

describe('what somebody changes while the question waits', () => {
  test.each([true, false])('is planned again and read, with a record: %s', async (recorded) => {
    if (recorded) await run();
    toDeploy();
    const console = askedOnce(scale);
    expect(await run([], console)).toMatchObject({
      outcome: 'converged',
      refreshed: [!recorded, true],
      said: expect.stringContaining('service shop_web was changed since the plan was made'),
    });
  });

  test('and again: nothing is applied', async () => {
    await run();
    toDeploy();
    let replicas = 1;
    const console = new Asked(() => {
      replicas += 1;
      Object.assign(swarm.services[0].Spec.Mode.Replicated, { Replicas: replicas });
    });
    expect(await run([], console)).toMatchObject({
      outcome: 'refused',
      error: expect.stringMatching(/shop_web was changed since the plan was made, nothing was changed\n/),
    });
    expect(readFileSync(at('calls'), 'utf8')).not.toMatch(/^apply/m);
  });

  test('or while somebody else holds the state, is planned again', async () => {
    await run();
    toDeploy();
    writeFileSync(at('held'), JSON.stringify(HELD));
    const ran = await run();
    expect(ran).toMatchObject({ outcome: 'converged', refreshed: [false, true] });
    expect(ran.said).toContain('the state is locked by anna@laptop');
    expect(ran.said.replace(/\s+/g, ' ')).toContain('service shop_web was changed since the plan was made');
    expect(readFileSync(at('calls'), 'utf8').match(/^apply/gm)).toHaveLength(2);
  });

  test('of a service that was made again under its name, is seen', async () => {
    Object.assign(swarm.services[0], { ID: 's2' });
    await run();
    toDeploy();
    const console = askedOnce(scale);
    expect((await run([], console)).refreshed).toHaveLength(2);
  });

  test('is seen where the server could not be looked at in full', async () => {
    refused = '/networks';
    toDeploy();
    const console = askedOnce(scale);
    const ran = await run([], console).finally(() => {
      refused = '';
    });
    expect(ran).toMatchObject({ outcome: 'converged', refreshed: [true, true] });
    expect(ran.said.replace(/\s+/g, ' ')).toContain('service shop_web was changed since the plan was made');
  });

  const spec = () => swarm.services[0].Spec;
  test.each<[string, () => void, RegExp]>([
    ['a secret that is removed', () => swarm.secrets.pop(), /secret shop_key_1 is gone/],
    ['a secret made again', () => Object.assign(swarm.secrets[0], { ID: 'k2' }), /secret shop_key_1 is gone/],
    [
      'a network made again',
      () => Object.assign(swarm.networks[0], { Id: 'n2' }),
      /network shop_shop is gone/,
    ],
    [
      'a rollback',
      () => Object.assign(spec().TaskTemplate.ContainerSpec, { Image: imageOf('v0') }),
      /service shop_web was changed/,
    ],
    [
      'a label',
      () => Object.assign(spec(), { Labels: { ...Labels, note: 'x' } }),
      /service shop_web was changed/,
    ],
    [
      'an update of what Terraform does not know',
      () => Object.assign(spec().TaskTemplate.ContainerSpec, { Init: true }),
      /service shop_web was changed/,
    ],
    ['another Swarm', () => Object.assign(swarm, { cluster: 'c2' }), /the Swarm is another one/],
  ])('%s is seen, too', async (_, change, why) => {
    await run();
    toDeploy();
    const console = askedOnce(change);
    const ran = await run([], console);
    expect(ran.refreshed).toEqual([false, true]);
    expect(ran.said.replace(/\s+/g, ' ')).toMatch(why);
  });
});

describe('what somebody else makes of the state while a plan waits for it', () => {
  /** Theirs is written before ours gets the lock, and after the view was made. */
  function whileItWaits(serial: number, change?: (state: Json) => void) {
    const present = readFileSync(at('state.json'), 'utf8');
    writeState('v1', serial, change);
    renameSync(at('state.json'), at('state-of-another.json'));
    rmSync(at('looked'), { force: true });
    writeFileSync(at('state.json'), present);
  }
  const WORDS = 'another state was written meanwhile';
  const remove = ({ resources }: Json) => resources.pop();
  const taint = ({ resources }: Json) => Object.assign(resources[0].instances[0], { status: 'tainted' });

  describe.each([true, false])('beside the checks: %s', (checked) => {
    const ran = () => run(['--yes'], undefined, checked ? [] : undefined);
    beforeEach(async () => {
      await run();
      writeStackAlike();
    });

    test.each<[string, () => void]>([
      ['the same deploy', () => whileItWaits(2)],
      ['an object that the state forgets', () => whileItWaits(2, remove)],
      ['an older state', () => whileItWaits(0)],
      ['one of the same number', () => whileItWaits(1, taint)],
      [
        'one of another lineage',
        () => whileItWaits(1, (state) => Object.assign(state, { lineage: 'other' })),
      ],
    ])('%s: “nothing to do” is said only after everything was read', async (_, change) => {
      change();
      expect(await ran()).toMatchObject({
        outcome: 'unchanged',
        refreshed: [false, true],
        said: expect.stringContaining(WORDS),
      });
    });

    test('a plan that was made of it is not told, and another one is applied', async () => {
      toDeploy();
      whileItWaits(2, taint);
      const { outcome, refreshed, said: words } = await ran();
      expect([outcome, refreshed]).toEqual(['converged', [false, true]]);
      expect(words).toContain(WORDS);
      expect(words.match(/image web:v1 → web:v2/g)).toHaveLength(1);
    });
  });

  test('and of one that waits for its answer', async () => {
    await run();
    toDeploy();
    const console = askedOnce(() => writeState('v1', 2));
    expect(await run([], console)).toMatchObject({
      outcome: 'converged',
      refreshed: [false, true],
      said: expect.stringContaining('another state was written since the plan was made'),
    });
  });

  test('a look is made again, too', async () => {
    await run();
    writeStackAlike();
    whileItWaits(2);
    rmSync(at('calls'));
    await makeDryPlan({ ...LOOK, projectFolder: project, refresh: false });
    expect(plans()).toEqual([false, true]);
  });
});

describe('beside the checks', () => {
  const checked = (args?: readonly string[], console?: Console) => run(args, console, []);
  const order = () => daemon.requests.findIndex((line) => line.includes('/distribution/'));

  test('a plan that reads nothing is made, and is the one that is applied', async () => {
    await run();
    toDeploy();
    expect(await checked()).toMatchObject({ outcome: 'converged', refreshed: [false] });
    expect(order()).toBeGreaterThan(-1);
    expect(await checked()).toMatchObject({ outcome: 'unchanged', refreshed: [false] });
  });

  test('one for which it is not proved ends in good order, and another one is applied', async () => {
    await run();
    toDeploy();
    scale();
    // As long as Terraform takes, unless it is interrupted.
    writeFileSync(at('takes-long'), '');
    expect(await checked()).toMatchObject({ outcome: 'converged', refreshed: [false, true] });
    expect(readFileSync(at('calls'), 'utf8')).toMatch(
      /-refresh=false[\s\S]*\ninterrupted\nplan (?!.*-refresh=false)/,
    );
  });

  describe('of which nothing is to do', () => {
    beforeEach(async () => {
      await run();
      // As long as Terraform takes, unless it is interrupted.
      writeFileSync(at('takes-long'), '');
    });

    test('a check that fails ends the wait for whoever holds the state', async () => {
      writeFileSync(at('holds'), '');
      refused = '/containers/json';
      const isWaiting = () => /^state rm /m.test(readFileSync(at('calls'), 'utf8'));
      beforeRefusal = async () => {
        while (!isWaiting()) await new Promise((resolve) => setTimeout(resolve, 10));
      };
      const ran = await checked();
      refused = '';
      beforeRefusal = async () => {};
      expect(ran).toMatchObject({ outcome: 'preflight', refreshed: [] });
      expect(readFileSync(at('calls'), 'utf8')).toMatch(/^state rm /m);
    });

    test('no plan is begun where the last one of this folder was empty, too', async () => {
      expect(await checked()).toMatchObject({ outcome: 'unchanged', refreshed: [] });
    });

    test('one that was begun ends in good order', async () => {
      rmSync(at('cdktf.out.deploy-production/stacks/swarm/.terraform/deploy-empty'));
      expect(await checked()).toMatchObject({ outcome: 'unchanged', refreshed: [false] });
      const calls = readFileSync(at('calls'), 'utf8');
      expect(calls).toMatch(/^plan .*\n(.*\n)*interrupted\n(.*\n)*state rm -dry-run /m);
      expect(existsSync(at('cdktf.out.deploy-production/stacks/swarm/deploy.tfplan'))).toBe(false);
    });
  });

  test('locked, the plan that is under way ends in good order, and nothing is asked for or applied', async () => {
    await run();
    toDeploy();
    const Data = Buffer.from(
      JSON.stringify({ who: 'anna@laptop', since: '2026-01-02T03:04:05Z', why: 'the data moves' }),
    ).toString('base64');
    swarm.configs.push({ ID: 'lock', Spec: { Name: 'shop.lock', Labels: { 'proctor.lock': 'shop' }, Data } });
    writeFileSync(at('takes-long'), '');
    answerOfLock = async () => {
      const isPlanning = () => existsSync(at('calls')) && /^plan /m.test(readFileSync(at('calls'), 'utf8'));
      while (!isPlanning()) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    const ran = await checked();
    answerOfLock = async () => {};
    expect(ran).toMatchObject({
      outcome: 'refused',
      error: expect.stringMatching(
        /^deploys are locked by anna@laptop since .*: the data moves; nothing was changed\n/,
      ),
      refreshed: [false],
    });
    expect(readFileSync(at('calls'), 'utf8')).toMatch(/-refresh=false[\s\S]*\ninterrupted\n$/);
    expect(existsSync(at('cdktf.out.deploy-production/stacks/swarm/deploy.tfplan'))).toBe(false);
    // Nothing was looked up for checks.
    expect(order()).toBe(-1);
    swarm.configs.pop();
    rmSync(at('takes-long'));
    expect(await checked()).toMatchObject({ outcome: 'converged', refreshed: [false] });
  });

  test('a part of the platform is planned by itself', async () => {
    await run();
    toDeploy();
    expect(await run(['--yes'], undefined, [], ['docker_service.web'])).toMatchObject({
      outcome: 'converged',
    });
    const calls = readFileSync(at('calls'), 'utf8').split('\n');
    expect(calls.filter((line) => line.startsWith('plan '))).toEqual([
      expect.stringMatching(/ -target=docker_service\.web\b/),
    ]);
  });

  test('nothing is planned before they are over where everything is to be read as asked', async () => {
    await run();
    expect(await checked(['--yes', '--refresh'])).toMatchObject({ refreshed: [true] });
  });

  test('what fails there ends the plan in good order, and leaves no file of it', async () => {
    await run();
    toDeploy();
    refused = '/containers/json';
    const { outcome } = await checked();
    refused = '';
    expect(outcome).toBe('preflight');
    expect(existsSync(at('cdktf.out.deploy-production/stacks/swarm/deploy.tfplan'))).toBe(false);
    expect(readFileSync(at('calls'), 'utf8')).not.toMatch(/^apply/m);
    // It need not be prepared again.
    expect(await checked()).toMatchObject({ outcome: 'converged', refreshed: [false] });
    expect(readFileSync(at('calls'), 'utf8')).not.toMatch(/^init/m);
  });
});

test('an engine that does not answer all of it: as always, and nothing breaks', async () => {
  await run();
  Object.assign(swarm, { networks: {} });
  expect(await run()).toMatchObject({
    outcome: 'unchanged',
    refreshed: [true],
    said: expect.stringContaining('what the server holds cannot be told'),
  });
});
