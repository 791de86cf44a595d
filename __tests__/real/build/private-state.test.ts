import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { judgeFiles } from '../../../operations/state/private-files';
import { testWithTerraform } from '../../support/programs/terraform';

const PROGRAM = resolve(__dirname, '../../../build/private-state.mjs');
const BACKEND = {
  kind: 'local',
  path: '../../../state/terraform.swarm.tfstate',
  settings: {},
} as const;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'private-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const stack = () => join(folder, 'cdktf.out/stacks/swarm');
const modes = () =>
  Object.fromEntries(
    readdirSync(join(folder, 'state')).map((name) => [
      name,
      (statSync(join(folder, 'state', name)).mode & 0o777).toString(8),
    ]),
  );

/** A stack with one value, which Terraform writes into its state. */
function write(value: string) {
  mkdirSync(stack(), { recursive: true });
  chmodSync(join(folder, 'cdktf.out'), 0o700);
  const { path } = BACKEND;
  writeFileSync(
    join(stack(), 'cdk.tf.json'),
    JSON.stringify({
      terraform: { backend: { local: { path } } },
      resource: { terraform_data: { it: { input: value } } },
    }),
  );
}

/** As a person at a shell with the usual umask. */
const terraform = (...args: string[]) =>
  execFileSync('sh', ['-c', 'umask 022; exec terraform "$@"', 'sh', ...args], {
    cwd: stack(),
    env: { PATH: process.env.PATH, HOME: folder, CHECKPOINT_DISABLE: '1' },
    stdio: 'pipe',
  });
const apply = () => terraform('apply', '-auto-approve');

function keepPrivate(): string {
  const script = `import(process.argv[1]).then(({ keepStatesPrivate }) =>
    keepStatesPrivate(process.argv[2], (words) => process.stderr.write(words)))`;
  const { stderr } = spawnSync(process.execPath, ['-e', script, PROGRAM, join(folder, 'cdktf.out')], {
    encoding: 'utf8',
  });
  return stderr;
}

testWithTerraform(
  'Terraform by itself, as cdktf runs it, writes state and backup for this user alone',
  () => {
    write('one');
    expect(keepPrivate()).toBe('');
    // An empty file would look like a state that was lost.
    expect(existsSync(join(folder, 'state'))).toBe(false);
    terraform('init');
    apply();
    expect(keepPrivate()).toBe('');
    write('two');
    apply();
    expect(modes()).toEqual({ 'terraform.swarm.tfstate': '600', 'terraform.swarm.tfstate.backup': '600' });
    for (const name of Object.keys(modes()))
      expect(statSync(join(folder, 'state', name)).size).toBeGreaterThan(9);
    expect(judgeFiles(folder, BACKEND)).toMatchObject([{ level: 'ok' }]);
  },
);

testWithTerraform('what an older deploy left for everybody is told, and mended by the next synth', () => {
  write('one');
  terraform('init');
  apply();
  write('two');
  apply();
  writeFileSync(join(folder, 'state/terraform.swarm.tfstate.1732.backup'), '{}', { mode: 0o640 });
  expect(Object.values(modes())).toEqual(['644', '640', '644']);
  chmodSync(join(folder, 'cdktf.out'), 0o755);
  expect(
    judgeFiles(folder, BACKEND).map(({ level, text }) => [level, /read (\S+),/.exec(text)?.[1]]),
  ).toEqual([
    ['warning', 'state/terraform.swarm.tfstate'],
    ['warning', 'state/terraform.swarm.tfstate.1732.backup'],
    ['warning', 'state/terraform.swarm.tfstate.backup'],
    ['warning', 'cdktf.out'],
  ]);
  chmodSync(join(folder, 'cdktf.out'), 0o700);
  expect(keepPrivate()).toBe('');
  expect(Object.values(modes())).toEqual(['600', '600', '600']);
  expect(judgeFiles(folder, BACKEND)).toMatchObject([{ level: 'ok' }]);
});

test('what cannot be made private is a warning, since Terraform may still have its way', () => {
  write('one');
  mkdirSync(join(folder, 'state'));
  writeFileSync(join(folder, 'state/terraform.swarm.tfstate'), '{}');
  symlinkSync('/not/there', join(folder, 'state/terraform.swarm.tfstate.backup'));
  expect(keepPrivate()).toMatch(/may be readable for other users .*\(E\w+\).*\n {2}chmod 600 it/);
});

test('a state elsewhere leaves plans to look after, and another stack’s state beside is looked at, too', () => {
  write('one');
  mkdirSync(join(folder, 'cdktf.out.deploy-production.lock'), { mode: 0o755 });
  const pg = { kind: 'pg', schema: 's', settings: {} } as const;
  expect(judgeFiles(folder, pg)).toEqual([]);
  chmodSync(join(folder, 'cdktf.out'), 0o755);
  expect(judgeFiles(folder, pg)).toMatchObject([{ level: 'warning' }]);
  chmodSync(join(folder, 'cdktf.out'), 0o700);
  mkdirSync(join(folder, 'state'));
  writeFileSync(join(folder, 'state/terraform.host.tfstate'), '{}', { mode: 0o644 });
  expect(judgeFiles(folder, BACKEND)).toEqual([]);
  expect(judgeFiles(folder, BACKEND, ['host'])).toMatchObject([{ level: 'warning' }]);
});
