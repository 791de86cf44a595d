import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Shell } from '../../../../contract/shell';
import { checkPg } from '../../../../operations/state/check-pg';
import { checkS3 } from '../../../../operations/state/check-s3';
import { tryEncryption } from '../../../../operations/state/encryption/trial';
import { placeToPlan } from '../../../../operations/state/recover/place';
import { probeSecondWriter } from '../../../../operations/state/second-writer';
import type { Finding } from '../../../../operations/terminal/finding';
import { apply, plan, planText } from '../../../../operations/terraform/plan';
import { terraform } from '../../../../operations/terraform/run';
import { readContents } from '../../../../operations/terraform/state-contents';
import { noPostgres, TestPostgres } from '../../../support/programs/postgres';
import { S3_CREDENTIALS, S3StandIn } from '../../../support/programs/s3';
import { noTerraform } from '../../../support/programs/terraform';
import { describeWithTofu, encryptionWith, PASSPHRASE, useTofu } from '../../../support/programs/tofu';
import { backendOf } from './backends';

const TF_ENCRYPTION = encryptionWith('state', 'plan');
const VALUE = 'value-of-a-secret-4711';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'encryption-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A stack that needs no provider from a registry. */
function synthesize(backend: object, input = VALUE): void {
  const resource = { terraform_data: { kept: { input } } };
  writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify({ terraform: { backend }, resource }));
}

async function deploy(backend: object, env: Record<string, string>): Promise<void> {
  synthesize(backend);
  for (const args of [
    ['init', '-reconfigure', '-no-color'],
    ['apply', '-auto-approve', '-json'],
  ]) {
    expect(await terraform(args, { folder, env })).toMatchObject({ code: 0 });
  }
}

const stateOf = (findings: readonly Finding[]) => findings.filter(({ check }) => check === 'state');

describeWithTofu('OpenTofu', () => {
  useTofu();
  const local = { local: { path: 'x.tfstate' } };

  test('plans, shows and applies with both encrypted, and the files hold cipher text', async () => {
    const env = { TF_ENCRYPTION };
    await deploy(local, env);
    synthesize(local, `${VALUE}-2`);
    const document = await plan({ folder, env }, () => {});
    expect(document?.resource_changes).toHaveLength(1);
    expect(await planText({ folder, env })).toContain(`${VALUE}-2`);
    for (const file of ['x.tfstate', 'deploy.tfplan']) {
      const { encrypted_data } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      expect(encrypted_data).toMatch(/^[\w+/=]{100,}$/);
    }
    expect(await apply({ folder, env }, () => {})).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, 'x.tfstate'), 'utf8')).not.toContain('value-of');
    expect(await readContents({ folder, env })).toEqual([]);
  });

  test('with another key is not taken for a state that somebody holds', async () => {
    await deploy(local, { TF_ENCRYPTION });
    const env = { TF_ENCRYPTION: TF_ENCRYPTION.replace('correct', 'another') };
    const waits = jest.fn();
    await expect(plan({ folder, env }, waits)).rejects.toThrow(/decryption failed/);
    expect(waits).not.toHaveBeenCalled();
    await expect(readContents({ folder, env: { TF_ENCRYPTION: '' } })).rejects.toThrow(/is encrypted/);
  });

  const BLOCK = {
    key_provider: { pbkdf2: { main: { passphrase: PASSPHRASE } } },
    method: { aes_gcm: { main: { keys: '${key_provider.pbkdf2.main}' } } },
    state: { method: 'method.aes_gcm.main', enforced: true },
  };
  test.each<[string, Record<string, string>, object]>([
    ['TF_ENCRYPTION', { TF_ENCRYPTION }, {}],
    ['the block of the stack, which allows nothing else', {}, { encryption: BLOCK }],
  ])('keeps the copy encrypted in which imports are planned, by %s', async (_, env, settings) => {
    const stack = join(folder, 'stack');
    mkdirSync(stack);
    const resource = { terraform_data: { kept: { input: VALUE }, gone: { input: `${VALUE}-gone` } } };
    const terraformBlock = { backend: { local: { path: '../x.tfstate' } }, ...settings };
    writeFileSync(join(stack, 'cdk.tf.json'), JSON.stringify({ terraform: terraformBlock, resource }));
    for (const args of [
      ['init', '-no-color'],
      ['apply', '-auto-approve', '-json'],
    ])
      expect(await terraform(args, { folder: stack, env })).toMatchObject({ code: 0 });
    const stale = { address: 'terraform_data.gone', id: 'x', isStale: true };
    const place = await placeToPlan({ folder: stack, localState: '../x.tfstate' }, { folder: stack, env }, [
      stale as never,
    ]);
    const written = readFileSync(join(place.run.folder, 'terraform.tfstate'), 'utf8');
    expect(JSON.parse(written).encrypted_data).toMatch(/^[\w+/=]{100,}$/);
    expect(written).not.toContain('value-of');
    const { output } = await terraform(['state', 'list', '-no-color'], place.run);
    expect(output).toBe('terraform_data.kept');
    place.remove();
  });

  test('holds a state, and refuses a second run', async () => {
    expect(await probeSecondWriter(local, { TF_ENCRYPTION })).toEqual({ outcome: 'refused', words: '' });
  });
});

describe('the trial of TF_ENCRYPTION', () => {
  test.each([[undefined], ['terraform']])('by %s, which ignores it, is a warning', async (name) => {
    if (noTerraform) return;
    const { TERRAFORM_BINARY_NAME: before } = process.env;
    if (name) process.env.TERRAFORM_BINARY_NAME = name;
    else delete process.env.TERRAFORM_BINARY_NAME;
    try {
      expect(await tryEncryption({ TF_ENCRYPTION })).toEqual([
        expect.objectContaining({
          level: 'warning',
          text: expect.stringMatching(/^TF_ENCRYPTION is set, and Terraform v.* ignores it/),
          fix: expect.stringContaining('TERRAFORM_BINARY_NAME=tofu'),
        }),
      ]);
    } finally {
      if (before !== undefined) process.env.TERRAFORM_BINARY_NAME = before;
    }
  });

  describeWithTofu('by OpenTofu', () => {
    useTofu();
    test.each<[string, string, Finding['level'], RegExp]>([
      ['both', TF_ENCRYPTION, 'ok', /^OpenTofu v\d.* writes state and plan as cipher text$/],
      ['the state alone', encryptionWith('state'), 'warning', /plans, .* in clear/],
      ['the plan alone', encryptionWith('plan'), 'warning', /state is written in clear/],
      ['a passphrase that is too short', TF_ENCRYPTION.replace(PASSPHRASE, 'abc'), 'failure', /too short/],
      ['no HCL', `key_provider "${PASSPHRASE}"`, 'failure', /^TF_ENCRYPTION cannot be used/],
    ])('with %s', async (_, text, level, words) => {
      const findings = await tryEncryption({ TF_ENCRYPTION: text });
      expect(findings).toEqual([expect.objectContaining({ level, text: expect.stringMatching(words) })]);
      expect(JSON.stringify(findings)).not.toContain(PASSPHRASE);
    });
  });
});

describeWithTofu('a state in a bucket', () => {
  useTofu();
  let standIn: S3StandIn;
  beforeEach(async () => {
    standIn = await S3StandIn.start('b');
  });
  afterEach(() => standIn.stop());
  const backend = () => backendOf({ kind: 's3', bucket: 'b', region: 'gra', endpoint: standIn.endpoint });
  const doctor = async (shell: Shell) =>
    stateOf(
      await checkS3(
        backend(),
        { ...S3_CREDENTIALS, ...shell },
        { encryption: shell.TF_ENCRYPTION ? 'TF_ENCRYPTION' : undefined },
      ),
    );

  test('is proved to be cipher text; without the variable, that is missed; in clear, that is said', async () => {
    const { settings } = backend();
    await deploy({ s3: settings }, { ...S3_CREDENTIALS, TF_ENCRYPTION });
    expect(await doctor({ TF_ENCRYPTION, TF_VAR_secret: VALUE })).toEqual([
      expect.objectContaining({
        level: 'ok',
        text: 'is there, and what is stored is cipher text (serial 1)',
      }),
    ]);
    expect(await doctor({})).toEqual([
      expect.objectContaining({
        level: 'failure',
        text: expect.stringContaining('TF_ENCRYPTION is not set'),
      }),
    ]);
  });

  test('that was in clear is said to be, and is encrypted by the next deploy with a fallback', async () => {
    const { settings } = backend();
    await deploy({ s3: settings }, S3_CREDENTIALS);
    expect(await doctor({ TF_ENCRYPTION })).toEqual([
      expect.objectContaining({ level: 'warning', text: expect.stringMatching(/in clear .*TF_ENCRYPTION/) }),
    ]);
    synthesize({ s3: settings }, 'another');
    const env = { ...S3_CREDENTIALS, TF_ENCRYPTION: withFallback('state') };
    expect(await terraform(['apply', '-auto-approve', '-json'], { folder, env })).toMatchObject({ code: 0 });
    expect(await doctor({ TF_ENCRYPTION })).toEqual([expect.objectContaining({ level: 'ok' })]);
  });
});

const withFallback = (part: string) =>
  [
    encryptionWith('plan'),
    'method "unencrypted" "before" {}',
    `${part} {\n  method = method.aes_gcm.main\n  fallback { method = method.unencrypted.before }\n}`,
  ].join('\n');

(noPostgres === undefined ? describeWithTofu : describe.skip)('a state in PostgreSQL', () => {
  useTofu();
  const postgres = new TestPostgres();
  beforeAll(() => postgres.start());
  afterAll(() => postgres.stop());

  test('is read without the key: in clear it can be, as cipher text not', async () => {
    const backend = backendOf({ kind: 'pg' });
    const env = { PG_CONN_STR: postgres.connection };
    const doctor = async (encrypted: boolean) =>
      stateOf(
        await checkPg(
          backend,
          { ...env, ...(encrypted ? { TF_ENCRYPTION } : {}) },
          encrypted ? 'TF_ENCRYPTION' : undefined,
        ),
      );
    await deploy({ pg: backend.settings }, env);
    expect(await doctor(false)).toEqual([]);
    expect(await doctor(true)).toEqual([
      expect.objectContaining({ level: 'warning', text: expect.stringContaining('in clear') }),
    ]);
    synthesize({ pg: backend.settings }, 'another');
    const encrypting = { ...env, TF_ENCRYPTION: withFallback('state') };
    expect(await terraform(['apply', '-auto-approve', '-json'], { folder, env: encrypting })).toMatchObject({
      code: 0,
    });
    expect(
      postgres.query("select data from terraform_swarm.states where name = 'default'").join(''),
    ).toContain('encrypted_data');
    expect(await doctor(true)).toEqual([
      expect.objectContaining({ level: 'ok', text: expect.stringContaining('cipher text') }),
    ]);
    expect(await doctor(false)).toEqual([
      expect.objectContaining({
        level: 'failure',
        text: expect.stringContaining('TF_ENCRYPTION is not set'),
      }),
    ]);
  });
});
