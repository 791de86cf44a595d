import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRunning } from '../../../../operations/terraform/running';
import { buildDriver, until as waitUntil } from '../../../support/programs/driver';
import { type FakeDaemon, fakeDaemon } from '../../../unit/operations/docker/fake-daemon';
import { stateOf } from '../../../unit/operations/state/states';

/** `./proctor deploy` as a process of its own, with a Terraform and a Swarm that stand still where the test wants them to. */
const root = mkdtempSync(join(tmpdir(), 'interrupts-'));
const driver = join(root, 'driver.js');
const NAME = 'shop_web';
const CREATED = '2026-01-02T03:04:05Z';
let project: string;
let daemon: FakeDaemon;
let letGo: () => void;
let deployer: ChildProcess;
let shown: string;

beforeAll(() => {
  buildDriver(
    driver,
    `import { runDeploy } from './operations/deploy/main';
        const options = { environment: 'production', yes: true, json: false, skipPreflight: true, acknowledge: [], without: [] };
        runDeploy(options, { shell: process.env, projectFolder: process.argv[2] })
          .then((code) => { process.exitCode = code; });`,
  );
});
afterAll(() => rmSync(root, { recursive: true }));

const at = (name: string) => join(project, name);
const folder = () => at('cdktf.out.deploy-production/stacks/swarm');

beforeEach(async () => {
  project = mkdtempSync(join(root, 'project-'));
  shown = '';
  const released = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let version = 1;
  let restored = false;
  daemon = await fakeDaemon(async (request, _body, response) => {
    const path = (request.url ?? '').split('?')[0]!;
    if (path.endsWith('/update')) {
      writeFileSync(at('putting-back'), '');
      await released;
      restored = true;
      version += 1;
      response.end('{}');
      return;
    }
    const tag = existsSync(at('applied')) && !restored ? 'v1' : 'v0';
    const TaskTemplate = { ContainerSpec: { Image: `registry.test/web:${tag}` } };
    const Labels = { 'com.docker.stack.namespace': 'shop' };
    const Spec = { Name: NAME, Labels, TaskTemplate, Mode: { Replicated: { Replicas: 1 } } };
    const service = { ID: 's1', Version: { Index: version }, CreatedAt: CREATED, UpdatedAt: CREATED, Spec };
    const task = {
      ID: `t-${tag}`,
      ServiceID: 's1',
      Slot: 1,
      CreatedAt: CREATED,
      DesiredState: 'running',
      Spec: TaskTemplate,
      Status: { State: 'running', Timestamp: CREATED },
    };
    const answers: Record<string, unknown> = {
      '/info': { SystemTime: new Date().toISOString(), ServerVersion: '26.1.5', DockerRootDir: '/' },
      '/services': [service],
      [`/services/${NAME}`]: service,
      '/services/s1': service,
      '/tasks': [task],
      '/volumes': { Volumes: [] },
      '/configs': [],
      '/secrets': [],
      '/networks': [],
    };
    response.end(JSON.stringify(answers[path] ?? {}));
  });
  writeProject();
  // A command that Terraform runs holds it; the interrupt ends it, as Terraform does with its local-exec.
  writeFileSync(
    at('terraform'),
    `#!/bin/sh
case "$1" in
init) mkdir -p .terraform;;
plan) echo secret > deploy.tfplan; exit 2;;
show) echo '${JSON.stringify({ resource_changes: [CHANGE] })}';;
state) echo '${stateOf([{ type: 'docker_service', name: 'web', id: 's1', as: NAME, namespace: 'shop' }])}';;
apply)
  trap 'echo INT >> interrupts' INT
  echo '{"@message":"","type":"apply_start","hook":{"resource":{"addr":"docker_service.web"},"action":"update"}}'
  touch '${at('applied')}'
  until [ -e '${at('go')}' ] || [ -e interrupts ]; do sleep 0.05; done
  until [ -e '${at('end')}' ]; do sleep 0.05; done
  echo '{"@message":"e","diagnostic":{"severity":"error","summary":"it failed"}}'
  echo written > state
  exit 1;;
esac`,
    { mode: 0o755 },
  );
});
afterEach(async () => {
  for (const name of ['go', 'end']) writeFileSync(at(name), '');
  letGo();
  await until(() => deployer.exitCode !== null || deployer.signalCode !== null);
  await until(() => existsSync(join(folder(), 'state')));
  await daemon.stop();
});

const healthcheck = [{ test: ['CMD', 'true'], interval: '5s', timeout: '3s' }];
const specOf = (tag: string) => ({
  mode: [{ replicated: [{ replicas: 1 }] }],
  update_config: [{ order: 'start-first', parallelism: 1 }],
  task_spec: [{ container_spec: [{ image: `registry.test/web:${tag}`, healthcheck }] }],
});
const CHANGE = {
  type: 'docker_service',
  name: 'web',
  mode: 'managed',
  change: { actions: ['update'], before: specOf('v0'), after: specOf('v1') },
};

/** A project whose synth writes one service. */
function writeProject(): void {
  const declared = {
    name: NAME,
    labels: [{ label: 'com.docker.stack.namespace', value: 'shop' }],
    mode: { replicated: { replicas: 1 } },
    task_spec: { container_spec: { image: 'registry.test/web:v1' } },
  };
  const json = {
    terraform: {},
    provider: { docker: [{ host: daemon.host }] },
    '//': { deploy: { onFailure: 'put-back', waves: [['web']] } },
    resource: { docker_service: { web: declared } },
  };
  const swarm = {
    name: 'swarm',
    workingDirectory: 'stacks/swarm',
    synthesizedStackPath: 'stacks/swarm/cdk.tf.json',
  };
  mkdirSync(at('build'));
  writeFileSync(
    at('build/synth.mjs'),
    `import { mkdirSync, writeFileSync } from 'node:fs';
const out = process.env.CDKTF_OUTDIR;
mkdirSync(out + '/stacks/swarm', { recursive: true });
writeFileSync(out + '/stacks/swarm/cdk.tf.json', ${JSON.stringify(JSON.stringify(json))});
writeFileSync(out + '/manifest.json', ${JSON.stringify(JSON.stringify({ stacks: { swarm } }))});`,
  );
}

function start(): void {
  deployer = spawn(process.execPath, [driver, project], {
    env: { ...process.env, CI: 'true', TERRAFORM_BINARY_NAME: at('terraform') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [deployer.stdout!, deployer.stderr!]) {
    stream.on('data', (text) => {
      shown += text;
    });
  }
}

const until = (there: () => boolean) => waitUntil(there, 60, () => shown);
const ended = async () => {
  await until(() => deployer.exitCode !== null || deployer.signalCode !== null);
  return deployer.exitCode;
};
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const interrupts = () => existsSync(join(folder(), 'interrupts'));

async function reachApply(): Promise<void> {
  start();
  await until(() => existsSync(at('applied')));
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s is passed on to Terraform once, its end is waited for, and what was changed is put back',
  async (signal) => {
    await reachApply();
    deployer.kill(signal);
    await until(interrupts);
    // npm passes on what the terminal has sent already.
    deployer.kill(signal);
    await pause(200);
    expect(deployer.exitCode).toBeNull();
    writeFileSync(at('end'), '');
    letGo();
    expect(await ended()).toBe(1);
    expect(shown).toContain('stopping: what is under way is ended in good order');
    expect(shown).toMatch(/put back/);
    expect(existsSync(join(folder(), 'deploy.tfplan'))).toBe(false);
    expect(readRunning(folder())).toBeUndefined();
  },
);

test('a second one leaves at once, Terraform ends by itself, and the next deploy knows of it', async () => {
  await reachApply();
  deployer.kill('SIGINT');
  await until(interrupts);
  await pause(1100);
  deployer.kill('SIGINT');
  expect(await ended()).toBe(1);
  expect(shown).toContain('left at once; Terraform still ends by itself');
  expect(existsSync(join(folder(), 'state'))).toBe(false);
  expect(readRunning(folder())).toMatchObject({ what: 'apply' });
  writeFileSync(at('end'), '');
  await until(() => existsSync(join(folder(), 'state')));
});

describe('while services are put back', () => {
  const reachPutBack = async () => {
    await reachApply();
    for (const name of ['go', 'end']) writeFileSync(at(name), '');
    await until(() => existsSync(at('putting-back')));
  };

  test('one interrupt lets that come to its end, and the verdict says so', async () => {
    await reachPutBack();
    deployer.kill('SIGINT');
    await pause(200);
    expect(deployer.exitCode).toBeNull();
    letGo();
    expect(await ended()).toBe(1);
    expect(shown).toMatch(/web +update: web:v0 → web:v1 +NO VERDICT, PUT BACK/);
  });

  test('a second one leaves at once, and says what is not known', async () => {
    await reachPutBack();
    deployer.kill('SIGINT');
    await pause(1100);
    deployer.kill('SIGINT');
    expect(await ended()).toBe(1);
    expect(shown).toMatch(/left at once; .*not known.*\.\/proctor status/s);
  });
});
