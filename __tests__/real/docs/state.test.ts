import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { StateSpec } from '../../../constructs/swarm';
import { backendOf } from '../../../operations/stack/backend';
import { Bucket } from '../../../operations/state/bucket';
import { examineState } from '../../../operations/state/s3-contents';
import { synthStack } from '../../support/platform/template';
import { noPostgres, TestPostgres } from '../../support/programs/postgres';
import { S3_CREDENTIALS, S3StandIn } from '../../support/programs/s3';
import { describeWithTerraform } from '../../support/programs/terraform';
import { noTofu } from '../../support/programs/tofu';

const DOCS = readFileSync(resolve(__dirname, '../../../docs/state.md'), 'utf8');
const KEY = randomBytes(32).toString('base64');
const OTHER = randomBytes(32).toString('base64');
const STATE = 'swarm.tfstate';

const testWithTofu = noTofu === undefined ? test : test.skip;

/** The commands under a heading, or after a bold word, block by block. */
function runbook(heading: string): string[] {
  const [, text = ''] = DOCS.split(new RegExp(`^(?:## ${heading}\n|\\*\\*${heading}\\.\\*\\*)`, 'm'));
  const blocks = [...text.split(/^#|^\*\*/m)[0]!.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(
    ([, block]) => block!,
  );
  if (blocks.length === 0) throw new Error(`docs/state.md has no commands under "${heading}"`);
  return blocks;
}

describeWithTerraform('the runbooks of docs/state.md', () => {
  let folder: string;
  let standIn: S3StandIn;
  const children: ChildProcess[] = [];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'runbook-'));
    standIn = await S3StandIn.start('acme-state');
    mkdirSync(stackFolder(), { recursive: true });
    mkdirSync(join(folder, 'bin'));
    // The two calls of the runbooks, for a store that checks no signature.
    writeFileSync(join(folder, 'bin', 'aws'), AWS);
    chmodSync(join(folder, 'bin', 'aws'), 0o755);
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await standIn.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const stackFolder = () => join(folder, 'cdktf.out', 'stacks', 'swarm');
  const bucket = (): StateSpec => ({
    kind: 's3',
    bucket: 'acme-state',
    region: 'gra',
    endpoint: standIn.endpoint,
  });
  const shell = (more: Record<string, string> = {}) => ({
    PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
    HOME: folder,
    CHECKPOINT_DISABLE: '1',
    TF_INPUT: '0',
    AWS_ENDPOINT_URL: standIn.endpoint,
    AWS_SSE_CUSTOMER_KEY: KEY,
    ...S3_CREDENTIALS,
    ...more,
  });

  /** A stack with the backend that the catalogue chooses, and one thing that needs no provider. */
  function synthesize(state: StateSpec, input = 'first', wait = false): void {
    const { backend } = synthStack(() => {}, { state }).json.terraform;
    const hold = { 'local-exec': { command: 'echo held; exec sleep 60' } };
    const terraform_data = { kept: { input }, ...(wait ? { hold: { provisioner: [hold] } } : {}) };
    writeFileSync(
      join(stackFolder(), 'cdk.tf.json'),
      JSON.stringify({ terraform: { backend }, resource: { terraform_data } }),
    );
  }

  const run = (commands: string, more?: Record<string, string>) =>
    new Promise<{ status: number; output: string }>((done) => {
      execFile(
        'bash',
        ['--norc', '-euc', commands],
        { cwd: folder, env: shell(more) },
        (error, stdout, stderr) =>
          done({ status: error ? Number(error.code) : 0, output: `${stdout}${stderr}` }),
      );
    });
  const succeed = async (commands: string, more?: Record<string, string>): Promise<string> => {
    const { status, output } = await run(commands, more);
    if (status !== 0) throw new Error(`${commands}\n${output}`);
    return output;
  };
  const terraform = (args: string, more?: Record<string, string>) =>
    run(`terraform -chdir=cdktf.out/stacks/swarm ${args} -no-color`, more);
  const deploy = () =>
    succeed('cd cdktf.out/stacks/swarm; terraform init -reconfigure; terraform apply -auto-approve');
  /** What the state that is reached now has, under its key. */
  const kept = async (more?: Record<string, string>) =>
    (await terraform('state show terraform_data.kept', more)).output.match(/input\s+= "(\w+)"/)?.[1];

  /** What `./proctor state doctor` says about the lock. */
  async function holder(): Promise<string> {
    const backend = backendOf(synthStack(() => {}, { state: bucket() }).json);
    const findings = await examineState(new Bucket(backend as never, S3_CREDENTIALS), STATE, {
      customerKey: KEY,
    });
    return findings.find(({ check }) => check === 'held')?.fix ?? '';
  }

  /** A deploy that is under way, and is then killed with all that it started. */
  async function killDeploy(more: Record<string, string> = {}): Promise<void> {
    await succeed('cd cdktf.out/stacks/swarm; terraform init -reconfigure', more);
    const child = spawn('terraform', ['apply', '-auto-approve', '-no-color'], {
      cwd: stackFolder(),
      env: shell(more),
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    let said = '';
    await new Promise<void>((held, never) => {
      child.stdout!.on('data', (chunk) => {
        said += chunk;
        if (said.includes('held')) held();
      });
      child.once('exit', () => never(new Error(said)));
    });
    const ended = new Promise((done) => child.once('close', done));
    process.kill(-child.pid!, 'SIGKILL');
    await ended;
  }

  test('stale lock: a killed deploy locks the others out, until its lock is taken by its ID', async () => {
    synthesize(bucket());
    await deploy();
    synthesize(bucket(), 'second', true);
    await killDeploy();
    const locked = await terraform('plan');
    expect(locked.output).toContain('Error acquiring the state lock');
    expect(locked.status).toBe(1);
    // Where there is a customer's key Terraform cannot say who it is; the doctor can.
    expect(locked.output).not.toContain('Lock Info');
    const [, LOCK_ID = ''] = /force-unlock (\S+)/.exec(await holder()) ?? [];

    const wrong = await run(runbook('Stale lock').join(''), { LOCK_ID: 'another' });
    expect(wrong.status).not.toBe(0);
    expect(standIn.content(`${STATE}.tflock`)).toBeDefined();

    await succeed(runbook('Stale lock').join(''), { LOCK_ID });
    expect(standIn.content(`${STATE}.tflock`)).toBeUndefined();
    // Without what held it up; the rest is done.
    synthesize(bucket(), 'second');
    await deploy();
    expect(await kept()).toBe('second');
  });

  (noPostgres === undefined ? test : test.skip)('stale lock: PostgreSQL frees it by itself', async () => {
    const postgres = new TestPostgres();
    await postgres.start();
    try {
      const PG_CONN_STR = postgres.connection;
      synthesize({ kind: 'pg' }, 'first', true);
      await killDeploy({ PG_CONN_STR });
      const after = await terraform('plan -lock-timeout=20s', { PG_CONN_STR });
      expect(after).toMatchObject({ status: 0 });
      expect(after.output).not.toContain('Error acquiring the state lock');
      const written = readFileSync(join(stackFolder(), '.terraform', 'terraform.tfstate'), 'utf8');
      expect(written).not.toContain(PG_CONN_STR);
    } finally {
      await postgres.stop();
    }
  });

  test('moving: from a file into a bucket, all of it, and no copy stays in the project', async () => {
    synthesize({ kind: 'local' });
    await deploy();
    const [pull, push] = runbook('Moving the state');
    await succeed(pull!);
    synthesize(bucket());
    await succeed(push!);
    expect(await kept()).toBe('first');
    expect(standIn.content(STATE)).toContain('first');
    expect(existsSync(join(folder, 'old.tfstate'))).toBe(false);
    expect(await terraform('plan -detailed-exitcode')).toMatchObject({ status: 0 });
    // Credentials come from the shell alone.
    const written = readFileSync(join(stackFolder(), '.terraform', 'terraform.tfstate'), 'utf8');
    for (const secret of [KEY, ...Object.values(S3_CREDENTIALS)]) expect(written).not.toContain(secret);
  });

  test('another key: the state is there under the new one, and unreadable under the old', async () => {
    synthesize(bucket());
    await deploy();
    await succeed(runbook('Another key').join(''), { NEW_KEY: OTHER });
    expect(await kept({ AWS_SSE_CUSTOMER_KEY: OTHER })).toBe('first');
    const old = await terraform('state list');
    expect(old.status).toBe(1);
    expect(existsSync(join(folder, 'old.tfstate'))).toBe(false);
  });

  test('a backup is the state, encrypted for its recipient, and nothing where there is no state to be had', async () => {
    writeFileSync(join(folder, 'bin', 'age'), AGE, { mode: 0o755 });
    synthesize(bucket());
    await deploy();
    // As in a clone in which nothing was initialised yet.
    rmSync(join(stackFolder(), '.terraform'), { recursive: true });
    await succeed(runbook('Backups').join(''), { RECIPIENT: 'age1you' });
    const backups = () => readdirSync(folder).filter((name) => /^swarm-[-\d]+\.tfstate\.age$/.test(name));
    expect(backups()).toHaveLength(1);
    const [backup = ''] = backups();
    expect(readFileSync(join(folder, backup), 'utf8')).toMatch(/^for age1you\n\{[\s\S]*first/);
    expect(existsSync(join(folder, 'backup.tfstate'))).toBe(false);

    rmSync(join(folder, backup));
    const { status } = await run(runbook('Backups').join(''), {
      RECIPIENT: 'age1you',
      AWS_SSE_CUSTOMER_KEY: OTHER,
    });
    expect(status).not.toBe(0);
    expect(backups()).toEqual([]);
  });

  test('damaged: the version before is the state again', async () => {
    synthesize(bucket());
    await deploy();
    const VERSION_ID = standIn.damage(STATE);
    expect((await terraform('state list')).status).toBe(1);
    const output = await succeed(runbook('Damaged state').join(''), { VERSION_ID });
    expect(output).toContain(VERSION_ID);
    expect(output).toContain('terraform_data.kept');
    expect(await kept()).toBe('first');
  });

  testWithTofu('that OpenTofu has written is Terraform’s again, with the names of its registry', async () => {
    synthesize(bucket());
    await succeed('cd cdktf.out/stacks/swarm; tofu init -reconfigure; tofu apply -auto-approve');
    // As if a provider of a registry had made it.
    const state = (await succeed('cd cdktf.out/stacks/swarm; tofu state pull')).replace(
      'terraform.io/builtin/terraform',
      'registry.opentofu.org/hashicorp/null',
    );
    writeFileSync(join(folder, 'renamed.tfstate'), state.replace('"serial":1', '"serial":2'));
    await succeed('tofu -chdir=cdktf.out/stacks/swarm state push "$PWD/renamed.tfstate"');
    const [commands = ''] = runbook('Back to Terraform');
    // Its registry is not asked: what it would say of its providers is no matter here.
    await run(commands.replace(/\nterraform [^\n]*init -reconfigure\n$/, '\n'));
    expect((await terraform('state pull')).output).toContain('registry.terraform.io/hashicorp/null');
  });

  testWithTofu(
    'encrypted by OpenTofu: what is stored is cipher text, which the doctor proves, and deploys go on',
    async () => {
      const doctor = async (encryption: 'TF_ENCRYPTION' | undefined) => {
        const backend = backendOf(synthStack(() => {}, { state: bucket() }).json);
        const given = { customerKey: KEY, encryption };
        const found = await examineState(new Bucket(backend as never, S3_CREDENTIALS), STATE, given);
        return found.find(({ check }) => check === 'state');
      };
      synthesize(bucket());
      await deploy();
      expect(await doctor('TF_ENCRYPTION')).toMatchObject({ level: 'warning' });
      // The last command is the doctor's own; what it says is asked for here.
      writeFileSync(join(folder, 'proctor'), '#!/bin/sh\n', { mode: 0o755 });
      synthesize(bucket(), 'second');
      const again = `
cd cdktf.out/stacks/swarm
tofu plan -out=deploy.tfplan -no-color
tofu apply deploy.tfplan -no-color
tofu state show -no-color terraform_data.kept`;
      const output = await succeed(`${runbook('OpenTofu, and an encrypted state').join('')}\n${again}`);
      expect(output).toMatch(/input\s+= "second"/);
      expect(existsSync(join(folder, 'old.tfstate'))).toBe(false);
      expect(await doctor('TF_ENCRYPTION')).toMatchObject({
        level: 'ok',
        text: expect.stringContaining('cipher text'),
      });
      expect(await doctor(undefined)).toMatchObject({ level: 'failure' });
      const plan = JSON.parse(readFileSync(join(stackFolder(), 'deploy.tfplan'), 'utf8'));
      expect(plan.encrypted_data).toEqual(expect.any(String));
    },
  );
});

/** age -r RECIPIENT -o OUTPUT INPUT */
const AGE = `#!/bin/sh
[ "$1$3" = -r-o ] || exit 2
{ echo "for $2"; cat "$5"; } > "$4"
`;

const AWS = `#!/bin/sh
# aws s3api <operation> --bucket B (--key K | --prefix P) [--version-id V]
operation=$2; shift 2
while [ $# -gt 0 ]; do
  case $1 in
    --bucket) bucket=$2;; --key) key=$2;; --prefix) prefix=$2;; --version-id) version=$2;;
    *) echo "unknown option $1" >&2; exit 2;;
  esac
  shift 2
done
signed="authorization: AWS4-HMAC-SHA256 Credential=$AWS_ACCESS_KEY_ID/"
case $operation in
  delete-object) exec curl -fsS -X DELETE -H "$signed" "$AWS_ENDPOINT_URL/$bucket/$key\${version:+?versionId=$version}";;
  list-object-versions) exec curl -fsS -H "$signed" "$AWS_ENDPOINT_URL/$bucket/?versions&prefix=$prefix";;
esac
echo "unknown operation $operation" >&2; exit 2
`;
