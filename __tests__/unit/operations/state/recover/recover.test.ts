import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recover } from '../../../../../operations/state/recover/recover';
import { Console } from '../../../../../operations/terminal/console';
import { PLAN_FILE } from '../../../../../operations/terraform/running';
import { type FakeDaemon, fakeDaemon } from '../../docker/fake-daemon';
import { stateOf } from '../states';

/** A project whose synth writes one of each, a Swarm that has all of it, a Terraform that does what the test says. */
let project: string;
let daemon: FakeDaemon;
let said: string;
/** Services that nothing declares, and a volume of each. */
let others: string[];
/** Of the service that runs. */
let env: string[];

const LABELS = [{ label: 'com.docker.stack.namespace', value: 'shop' }];
const service = { name: 'shop_web', labels: LABELS, task_spec: { container_spec: { image: 'web:v1' } } };
const resource = {
  docker_network: { shop: { name: 'shop_shop' } },
  docker_config: { conf: { name: 'shop_conf_0123456789', for_each: '${toset(["0123456789"])}' } },
  docker_secret: { db: { name: 'shop_db_${each.key}', for_each: '${toset(local.db_hashes)}' } },
  docker_service: { web: service },
};

beforeEach(async () => {
  [said, others, env] = ['', [], []];
  project = mkdtempSync(join(tmpdir(), 'recover-'));
  daemon = await fakeDaemon((request, _body, response) => {
    const named = (id: string, name: string) => ({ ID: id, Spec: { Name: name } });
    const answers: Record<string, unknown> = {
      '/networks': [{ Id: 'n1', Name: 'shop_shop' }],
      '/configs': [named('c1', 'shop_conf_0123456789'), named('c0', 'shop_conf_9999999999')],
      '/services': [
        { ID: 's1', Spec: { Name: 'shop_web', TaskTemplate: { ContainerSpec: { Env: env } } } },
        named('x', 'other_web'),
        ...others.map((name, index) => named(`x${index}`, name)),
      ],
      '/volumes': { Volumes: others.map((name) => ({ Name: `${name}_data` })) },
      '/secrets': [named('k1', 'shop_db_aaaaaaaaaa')],
    };
    response.end(JSON.stringify(answers[(request.url ?? '').split('?')[0]!] ?? {}));
  });
  const json = {
    terraform: { backend: { local: { path: '../../../terraform.swarm.tfstate' } } },
    provider: { docker: [{ host: daemon.host }] },
    variable: { db: { sensitive: true } },
    resource,
  };
  mkdirSync(join(project, 'build'));
  writeFileSync(
    join(project, 'build', 'synth.mjs'),
    `import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
const out = process.env.CDKTF_OUTDIR;
writeFileSync(${JSON.stringify(join(project, 'allowed'))}, process.env.ALLOW_DESTROY ?? '');
rmSync(out, { recursive: true, force: true });
mkdirSync(out + '/stacks/swarm', { recursive: true });
writeFileSync(out + '/stacks/swarm/cdk.tf.json', ${JSON.stringify(JSON.stringify(json))});
writeFileSync(out + '/manifest.json', JSON.stringify({ stacks: { swarm: {
  name: 'swarm', workingDirectory: 'stacks/swarm', synthesizedStackPath: 'stacks/swarm/cdk.tf.json' } } }));`,
  );
  terraform({});
});
afterEach(async () => {
  delete process.env.TERRAFORM_BINARY_NAME;
  rmSync(project, { recursive: true });
  await daemon.stop();
});

const calls = () => readFileSync(join(project, 'calls'), 'utf8').trim().split('\n');
const saltsFile = () => join(project, 'secrets.salt.json');
const blocks = (file: string) =>
  existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).import : undefined;

/** Plans a secret of that hash, until there is a salt, then one of another. */
function terraform({
  state = '',
  action = 'update',
  hash = 'bbbbbbbbbb',
  importing = 0,
  changed = 'docker_service.web',
  document = {},
  dropped = false,
}) {
  const planned = (addr: string, what: string, more = {}) =>
    JSON.stringify({
      '@message': 'm',
      type: 'planned_change',
      change: { resource: { addr }, action: what, ...more },
    });
  // What had come before it counts once.
  const lost = [
    planned(changed, action, { importing: { id: 's1' } }),
    JSON.stringify({
      '@message': 'm',
      type: 'diagnostic',
      diagnostic: {
        ...{ severity: 'error', summary: 'Cannot connect' },
        detail: 'kex_exchange_identification: read: Connection reset by peer',
      },
    }),
  ].join('\n');
  const path = join(project, 'terraform');
  writeFileSync(
    path,
    `#!/bin/sh
echo "$@" >> '${project}/calls'
case "$1" in
init) mkdir -p .terraform;;
state) if [ "$2" = pull ]; then echo '${state}'; fi;;
import) exit ${importing};;
show) echo '${JSON.stringify(document)}';;
plan)
  case "$*" in *-out=*) touch ${PLAN_FILE}; exit 2;; esac
  case "$*" in *-parallelism=2*) ;; *) ${dropped ? `echo '${lost}'; exit 1` : ':'};; esac
  cp import.tf.json '${project}/blocks.json' 2>/dev/null || rm -f '${project}/blocks.json'
  hash=${hash}; [ -e '${project}/secrets.salt.json' ] && hash=cccccccccc
  echo '${planned(changed, action, { importing: { id: 's1' } })}'
  echo '${planned('docker_secret.db["HASH"]', 'create').replace('HASH', `'"$hash"'`)}';;
esac`,
  );
  chmodSync(path, 0o755);
  process.env.TERRAFORM_BINARY_NAME = path;
}

async function run(options: { import?: boolean; shell?: Record<string, string> } = {}): Promise<boolean> {
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((chunk: unknown) => {
    said += String(chunk);
    return true;
  });
  try {
    return await recover({
      environment: 'production',
      projectFolder: project,
      console: new Console(false, {}),
      import: options.import ?? false,
      shell: { PATH: process.env.PATH, TF_VAR_db: 'x', ...options.shell },
    });
  } finally {
    spy.mockRestore();
  }
}

test('shows what it found and the plan that takes it over, and writes nothing', async () => {
  expect(await run()).toBe(true);
  expect(said).toMatch(/import docker_network\.shop +n1[\s\S]*import docker_service\.web +s1/);
  expect(said).toContain('plan: 1 to import, 1 to add, 1 to change, 0 to destroy');
  expect(said).toContain('next: ./proctor state recover --import');
  expect(calls().map((call) => call.split(' ')[0])).toEqual(['init', 'state', 'plan']);
  expect(blocks(join(project, 'blocks.json'))).toEqual([
    { to: 'docker_network.shop', id: 'n1' },
    { to: 'docker_config.conf["0123456789"]', id: 'c1' },
    { to: 'docker_service.web', id: 's1' },
  ]);
  expect(existsSync(saltsFile())).toBe(false);
});

test('plans once more with fewer connections at once, where the server drops some', async () => {
  terraform({ dropped: true });
  expect(await run()).toBe(true);
  expect(calls().filter((call) => call.startsWith('plan '))).toEqual([
    expect.not.stringMatching(/parallelism/),
    expect.stringMatching(/parallelism=2/),
  ]);
  expect(said).toContain('plan: 1 to import, 1 to add, 1 to change, 0 to destroy');
});

test('names what else carries the stack’s name: no catalogue and no state knows it', async () => {
  others = ['shop_old'];
  expect(await run()).toBe(true);
  expect(said).toContain('not in the catalogue, left alone: service shop_old; volume shop_old_data\n');
  terraform({
    state: stateOf([{ type: 'docker_service', name: 'old', id: 'x0', as: 'shop_old', namespace: 'shop' }]),
  });
  said = '';
  expect(await run()).toBe(true);
  expect(said).toContain('not in the catalogue, left alone: volume shop_old_data\n');
});

test('imports one after the other, without blocks that a deploy would meet, and then names what is left over', async () => {
  expect(await run({ import: true })).toBe(true);
  const imports = calls().filter((call) => call.startsWith('import '));
  expect(imports.map((call) => call.split(' ').slice(-2))).toEqual([
    ['docker_network.shop', 'n1'],
    ['docker_config.conf["0123456789"]', 'c1'],
    ['docker_service.web', 's1'],
  ]);
  expect(blocks(join(project, 'blocks.json'))).toBeUndefined();
  expect(said).toContain('next: ./proctor deploy');
  expect(said).toContain('docker secret rm shop_db_aaaaaaaaaa');
  expect(said).toContain('docker config rm shop_conf_9999999999');
});

test('gives the secrets new names where the old ones are taken, once', async () => {
  terraform({ hash: 'aaaaaaaaaa' });
  expect(await run()).toBe(true);
  expect(said).toContain('1 secret gets a new name');
  expect(JSON.parse(readFileSync(saltsFile(), 'utf8'))).toEqual({ production: '2' });
  expect(await run()).toBe(true);
  expect(JSON.parse(readFileSync(saltsFile(), 'utf8'))).toEqual({ production: '2' });
});

test('goes on where it was interrupted, and puts what was made anew in the place of what is gone', async () => {
  const known = [
    { type: 'docker_network', name: 'shop', id: 'n1', as: 'shop_shop', namespace: 'shop' },
    { type: 'docker_service', name: 'web', id: 'gone', as: 'shop_web', namespace: 'shop' },
  ];
  terraform({ state: stateOf(known) });
  expect(await run({ import: true })).toBe(true);
  const changes = calls().filter((call) => /^(import|state rm) /.test(call));
  expect(changes).toEqual([
    expect.stringMatching(/^import .* docker_config\.conf/),
    expect.stringMatching(/^state rm .* docker_service\.web$/),
    expect.stringMatching(/^import .* docker_service\.web s1$/),
  ]);
});

/** What Terraform would do to the service, and why. */
function planned(actions: string[], more = {}) {
  const mount = (driver_name: string) => ({
    ...{ type: 'volume', source: 'shop_data', target: '/data' },
    volume_options: [{ labels: [LABELS[0]], driver_name }],
  });
  const running = (driver: string) => ({
    name: 'shop_web',
    task_spec: [{ container_spec: [{ image: 'web:v1', mounts: [mount(driver)] }] }],
  });
  const change = { actions, before: running('local'), after: running(''), ...more };
  return { resource_changes: [{ type: 'docker_service', name: 'web', change }] };
}

test('a plan that would replace a service is shown, with the reason and the command that spares it; nothing is imported', async () => {
  const replace_paths = [['task_spec', 0, 'container_spec', 0, 'mounts']];
  terraform({ action: 'replace', document: planned(['delete', 'create'], { replace_paths }) });
  expect(await run({ import: true })).toBe(false);
  expect(calls().filter((call) => call.startsWith('import '))).toEqual([]);
  expect(said).toContain('DESTROY docker_service.web');
  expect(said).toMatch(/REPLACE web {2}.*\(mount changed\) · DOWNTIME about \d+ s/);
  expect(said).toContain('mount /data: driver local → none');
  expect(said).toContain('volume shop_data stays');
  expect(said).toContain('error: the deploy would remove and recreate web, which Terraform refuses');
  expect(said).toContain(
    '    docker service update --mount-add type=volume,source=shop_data,target=/data,volume-label=com.docker.stack.namespace=shop shop_web\n',
  );
  expect(said).toContain('docs/adopt.md');
  expect(said).not.toContain('next:');
});

test('the plan is made without prevent_destroy, which would end it without a word of why, and no file of it stays', async () => {
  terraform({ action: 'replace', document: planned(['delete', 'create']) });
  await run();
  expect(readFileSync(join(project, 'allowed'), 'utf8')).toBe('1');
  expect(existsSync(join(project, 'cdktf.out.recover-production/stacks/swarm', PLAN_FILE))).toBe(false);
  expect(
    calls()
      .filter((call) => call.startsWith('plan '))
      .at(-1),
  ).toContain('-lock=false');
});

test('one that no command makes equal may be removed by hand', async () => {
  const replace_paths = [['task_spec', 0, 'container_spec', 0, 'hosts']];
  terraform({ action: 'replace', document: planned(['delete', 'create'], { replace_paths }) });
  expect(await run()).toBe(false);
  expect(said).toContain('no command changes web in place: docker service rm removes it');
  expect(said).not.toContain('docker service update');
});

test('a service that would be removed is a matter of the catalogue', async () => {
  terraform({ action: 'delete', document: planned(['delete'], { after: null }) });
  expect(await run({ import: true })).toBe(false);
  expect(said).toContain('correct services.config.ts until it says what runs');
  expect(calls().filter((call) => call.startsWith('import '))).toEqual([]);
});

test('a network that was made otherwise takes every service with it: the stack has to go', async () => {
  terraform({ action: 'replace', changed: 'docker_network.shop' });
  expect(await run()).toBe(false);
  expect(said).toContain('would replace the network, and every service with it');
});

test('a secret that what runs shows in plain text is named', async () => {
  env = ['DATABASE_URL=mysql://shop:a-plain-password@mariadb/shop'];
  expect(await run({ shell: { TF_VAR_db: 'a-plain-password' } })).toBe(true);
  expect(said).toContain('db stands in plain text in shop_web');
  expect(said).not.toContain('a-plain-password');
});

test('a gate that runs again, as after a deploy that failed, is no destruction', async () => {
  terraform({ action: 'replace', changed: 'null_resource.web_rollout' });
  expect(await run()).toBe(true);
  expect(said).toContain('0 to destroy, 1 gates or older versions to replace');
});

test('an import that fails ends it with what it was, and imports no more', async () => {
  terraform({ importing: 1 });
  await expect(run({ import: true })).rejects.toThrow('docker_network.shop is not imported');
  expect(calls().filter((call) => call.startsWith('import '))).toHaveLength(1);
});

test('the state of another platform is refused before anything is planned', async () => {
  const users = { type: 'docker_service', name: 'users', id: 's9', as: 'acme_users', namespace: 'acme' };
  terraform({ state: stateOf([users]) });
  await expect(run({ import: true })).rejects.toThrow(
    'it belongs to the platform "acme" (acme_users), this is "shop"',
  );
  expect(calls().map((call) => call.split(' ')[0])).toEqual(['init', 'state']);
});

test('a missing variable is named before Terraform is asked', async () => {
  await expect(run({ shell: { TF_VAR_db: '' } })).rejects.toThrow('TF_VAR_db is empty');
  expect(existsSync(join(project, 'calls'))).toBe(false);
});
