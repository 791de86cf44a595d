import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { changesOf } from '../../../../operations/terraform/document';
import { plan } from '../../../../operations/terraform/plan';
import { terraform } from '../../../../operations/terraform/run';
import { PLAN_FILE } from '../../../../operations/terraform/running';
import { platform } from '../../../../services.config';
import { Workplace } from '../../../support/platform/platform';
import { noTerraform } from '../../../support/programs/terraform';
import { encryptionWith, noTofu } from '../../../support/programs/tofu';
import { type FakeDaemon, fakeDaemon } from '../../../unit/operations/docker/fake-daemon';

const PROVIDERS = join(homedir(), '.terraform.d/plugins/registry.terraform.io');
const there =
  existsSync(join(PROVIDERS, 'kreuzwerker/docker')) && noTofu === undefined && noTerraform === undefined;
if (!there) console.warn('SKIPPED: tofu, terraform or the providers are not here, OpenTofu planned no stack');

const VALUES = {
  TF_VAR_db_password: 'correct-horse-battery',
  TF_VAR_jwt_secret_key: 'x'.repeat(32),
  TF_VAR_smtp_host: 'mail.example.com',
  TF_VAR_smtp_port: '25',
};

(there ? describe : describe.skip)('OpenTofu with the real providers', () => {
  const workplace = new Workplace();
  const { TERRAFORM_BINARY_NAME: before } = process.env;
  let daemon: FakeDaemon;
  beforeAll(async () => {
    daemon = await fakeDaemon((_, body, response) => response.end(body ? '{}' : 'OK'));
  });
  afterAll(async () => {
    await daemon.stop();
    workplace.remove();
    if (before === undefined) delete process.env.TERRAFORM_BINARY_NAME;
    else process.env.TERRAFORM_BINARY_NAME = before;
  });

  /** The same programs, under the name of the other registry. */
  function pluginsFor(registry: string): string {
    const plugins = join(workplace.folder, `plugins-${registry}`);
    cpSync(PROVIDERS, join(plugins, registry), { recursive: true });
    return plugins;
  }

  async function planWith(program: string, registry: string, more: Record<string, string> = {}) {
    process.env.TERRAFORM_BINARY_NAME = program;
    const folder = join(workplace.synth(platform).outdir, 'stacks', 'swarm');
    rmSync(join(folder, '.terraform'), { recursive: true, force: true });
    rmSync(join(folder, '.terraform.lock.hcl'), { force: true });
    const env = { ...VALUES, ...more, PATH: `${daemon.sshFolder}:${process.env.PATH}` };
    const init = await terraform(['init', '-no-color', `-plugin-dir=${pluginsFor(registry)}`], {
      folder,
      env,
    });
    expect(init).toMatchObject({ code: 0, stderr: '' });
    const document = await plan({ folder, env }, () => {});
    const changes = changesOf(document!).map(({ address, change }) => `${change.actions} ${address}`);
    return { changes: changes.sort(), file: readFileSync(join(folder, PLAN_FILE)) };
  }

  test('plans what Terraform plans, and keeps its plan encrypted', async () => {
    const first = await planWith('terraform', 'registry.terraform.io');
    const TF_ENCRYPTION = encryptionWith('state', 'plan');
    const second = await planWith('tofu', 'registry.opentofu.org', { TF_ENCRYPTION });
    expect(second.changes.length).toBeGreaterThan(20);
    expect(second.changes).toEqual(first.changes);
    expect(first.file.subarray(0, 2).toString()).toBe('PK');
    expect(JSON.parse(second.file.toString())).toHaveProperty('encrypted_data');
  });
});
