import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlatformSpec, TlsSpec } from '../../../../constructs';
import { platform } from '../../../../services.config';
import { ACME, SHELL, Workplace } from '../../../support/platform/platform';
import type { Json } from '../../../support/platform/template';
import { describeWithProvider, PLUGINS } from '../../../support/programs/providers';
import { type FakeDaemon, fakeDaemon } from '../../../unit/operations/docker/fake-daemon';

const describeHere = describeWithProvider(
  'kreuzwerker/docker',
  'no switch of certificates was planned: terraform or its providers are not here',
);

const VARIABLES = {
  TF_VAR_db_password: 'correct-horse-battery',
  TF_VAR_jwt_secret_key: 'x'.repeat(32),
  TF_VAR_smtp_host: 'mail.example.com',
  TF_VAR_smtp_port: '25',
  TF_VAR_tls_certificate: 'certificate '.repeat(20),
  TF_VAR_tls_private_key: 'private key '.repeat(20),
};
const MODES: Record<string, TlsSpec> = {
  'self-signed': { mode: 'self-signed' },
  letsencrypt: ACME,
  provided: { mode: 'provided' },
};

/** What the provider would do to nginx when a stack of one mode becomes one of another. */
describeHere('a switch of certificates, with the real provider', () => {
  let daemon: FakeDaemon;
  const workplaces: Workplace[] = [];
  beforeAll(async () => {
    daemon = await fakeDaemon((_, body, response) => response.end(body ? '{}' : 'OK'));
  });
  afterAll(async () => {
    await daemon.stop();
    for (const workplace of workplaces) workplace.remove();
  });

  const terraform = (folder: string, ...args: string[]) =>
    new Promise<string>((done, fail) => {
      const env = {
        HOME: folder,
        PATH: `${daemon.sshFolder}:${process.env.PATH}`,
        ...VARIABLES,
        TF_INPUT: '0',
        TF_CLI_ARGS: '-no-color',
        CHECKPOINT_DISABLE: '1',
      };
      execFile('terraform', args, { cwd: folder, env, maxBuffer: 1e8 }, (error, stdout, stderr) =>
        error ? fail(new Error(stdout + stderr)) : done(stdout),
      );
    });

  async function folderOf(tls: TlsSpec): Promise<string> {
    const workplace = new Workplace();
    workplaces.push(workplace);
    // Else Terraform ends with an error where it would replace, and does not say why.
    const shell = { ...SHELL, ALLOW_DESTROY: '1' };
    const { outdir } = workplace.synth({ ...(platform as PlatformSpec), tls }, 'production', shell);
    const folder = join(outdir, 'stacks/swarm');
    await terraform(folder, 'init', `-plugin-dir=${PLUGINS}`);
    return folder;
  }

  async function changesOf(folder: string, ...more: string[]): Promise<Json> {
    await terraform(folder, 'plan', '-refresh=false', '-out=plan', ...more);
    const { resource_changes } = JSON.parse(await terraform(folder, 'show', '-json', 'plan'));
    return Object.fromEntries(resource_changes.map(({ address, change }: Json) => [address, change]));
  }

  /** The state after a deploy, without what only the engine could say: the network, and nginx on it. */
  function stateOf(changes: Json): Json {
    const provider = 'provider["registry.terraform.io/kreuzwerker/docker"]';
    const [network, service] = ['docker_network.proctorwise', 'docker_service.nginx'].map((address) =>
      filled(changes[address].after, changes[address].after_unknown),
    );
    service.task_spec[0].networks_advanced[0].name = 'network';
    const resource = (type: string, name: string, schema_version: number, attributes: Json) => ({
      mode: 'managed',
      type,
      name,
      provider,
      instances: [{ schema_version, attributes }],
    });
    return {
      version: 4,
      terraform_version: '1.5.0',
      serial: 1,
      lineage: 'test',
      outputs: {},
      resources: [
        resource('docker_network', 'proctorwise', 1, { ...network, id: 'network', options: {} }),
        resource('docker_service', 'nginx', 2, { ...service, id: 'service' }),
      ],
    };
  }

  test.each([
    ['self-signed', 'letsencrypt'],
    ['letsencrypt', 'provided'],
    ['provided', 'self-signed'],
    ['self-signed', 'provided'],
    ['letsencrypt', 'self-signed'],
    ['provided', 'letsencrypt'],
  ])('from %s to %s changes nginx in place: it rolls, and is never taken away', async (from, to) => {
    const state = stateOf(await changesOf(await folderOf(MODES[from]!)));
    const folder = await folderOf(MODES[to]!);
    writeFileSync(join(folder, 'before.tfstate'), JSON.stringify(state));
    const change = (await changesOf(folder, '-state=before.tfstate'))['docker_service.nginx'];
    expect(change.replace_paths ?? []).toEqual([]);
    expect(change.actions).toEqual(['update']);
  });
});

function filled(value: Json, unknown: Json): Json {
  if (unknown === true) return null;
  if (Array.isArray(value)) return value.map((item, index) => filled(item, unknown?.[index]));
  if (typeof value !== 'object' || value === null) return value;
  const keys = new Set([...Object.keys(value), ...Object.keys(unknown ?? {})]);
  return Object.fromEntries([...keys].map((key) => [key, filled(value[key], unknown?.[key])]));
}
