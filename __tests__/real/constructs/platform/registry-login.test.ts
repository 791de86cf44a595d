import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { terraform } from '../../../../operations/terraform/run';
import { platform } from '../../../../services.config';
import { Workplace } from '../../../support/platform/platform';
import { describeWithProvider, PLUGINS } from '../../../support/programs/providers';
import { type FakeDaemon, fakeDaemon } from '../../../unit/operations/docker/fake-daemon';

const describeHere = describeWithProvider(
  'kreuzwerker/docker',
  'what the real provider logs in with (terraform or its providers are not here)',
);

// biome-ignore lint/suspicious/noExplicitAny: a document that another program wrote
type Json = any;

/** What the provider tells Docker to pull with: `X-Registry-Auth` of a service that it creates. */
describeHere('the real provider', () => {
  const workplace = new Workplace();
  let daemon: FakeDaemon;
  let folder: string;
  let sent: (string | undefined)[];

  beforeAll(async () => {
    daemon = await fakeDaemon((request, _, response) => {
      if (request.url?.includes('/services/create')) {
        sent.push(request.headers['x-registry-auth'] as string | undefined);
        response.statusCode = 500;
        response.end('{"message":"seen enough"}');
      } else response.end(request.url?.endsWith('/_ping') ? 'OK' : '{}');
    });
    const { outdir } = workplace.synth(platform, 'production');
    const json: Json = JSON.parse(readFileSync(join(outdir, 'stacks', 'swarm', 'cdk.tf.json'), 'utf8'));
    folder = join(workplace.folder, 'one');
    mkdirSync(folder);
    const [{ ssh_opts: _, ...provider }] = json.provider.docker;
    const task_spec = { container_spec: { image: 'ghcr.io/acme/users:1' } };
    const one = {
      terraform: { ...json.terraform, backend: { local: { path: 'terraform.tfstate' } } },
      provider: { docker: [{ ...provider, host: daemon.host }] },
      variable: json.variable,
      resource: { docker_service: { users: { name: 'users', task_spec } } },
    };
    writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify(one));
    const init = await terraform(['init', `-plugin-dir=${PLUGINS}`], { folder });
    if (init.code !== 0) throw new Error(init.stderr);
  });
  beforeEach(() => {
    sent = [];
  });
  afterAll(async () => {
    await daemon.stop();
    workplace.remove();
  });

  const login = async (variables: Record<string, string>): Promise<object[]> => {
    const given = Object.entries({
      db_password: 'x'.repeat(12),
      jwt_secret_key: 'x'.repeat(32),
      ...variables,
    });
    const env = Object.fromEntries(given.map(([name, value]) => [`TF_VAR_${name}`, value]));
    const run = await terraform(['apply', '-auto-approve', '-input=false', '-no-color'], {
      folder,
      env: {
        ...(process.env as Record<string, string>),
        TF_VAR_smtp_host: 'mail',
        TF_VAR_smtp_port: '25',
        ...env,
      },
    });
    expect(run.output + run.stderr).toContain('seen enough');
    return sent.map((header = '') => JSON.parse(Buffer.from(header, 'base64').toString() || '{}'));
  };

  test('sends no credentials where the registry’s password is not given', async () => {
    expect(await login({})).toEqual([{}]);
  });

  test('sends the login where it is', async () => {
    expect(await login({ registry_username: 'anna', registry_password: 'not-a-secret' })).toEqual([
      expect.objectContaining({ username: 'anna', password: 'not-a-secret' }),
    ]);
  });
});
