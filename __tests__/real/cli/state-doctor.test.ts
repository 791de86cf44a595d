import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { makePair } from '../../support/programs/certificates';
import { ProjectCopy } from '../../support/programs/project-copy';
import { type Faults, S3_CREDENTIALS, S3StandIn } from '../../support/programs/s3';
import { describeWithTerraform, noTerraform } from '../../support/programs/terraform';
import { describeWithTofu, encryptionWith, PASSPHRASE } from '../../support/programs/tofu';

let project: ProjectCopy;
beforeAll(() => {
  project = new ProjectCopy();
});
afterAll(() => project.remove());

const doctor = (args: readonly string[] = [], variables: Record<string, string> = {}) =>
  project.runBeside('state doctor', args, variables);

test('the lab may keep its state in a file, what is for real use not', async () => {
  const lab = await doctor(['--environment', 'lab']);
  expect(lab).toMatchObject({ status: 0, stderr: '' });
  expect(lab.stdout).toContain('state of swarm-lab: the file .lab/terraform.swarm-lab.tfstate');
  const { status, stdout } = await doctor();
  expect(stdout).toContain("set state of this environment in services.config.ts to kind 's3' or 'pg'");
  expect(status).toBe(1);
});

test('under CI a local state is refused before anything is asked, but for the lab', async () => {
  const { status, stdout } = await doctor([], { CI: 'true' });
  expect(stdout).toContain('keeps its state in a local file, which is lost with the CI job');
  expect(status).toBe(1);
  expect(await doctor(['--environment=lab'], { CI: 'true' })).toMatchObject({ status: 0 });
});

test.each([['--environment'], ['--environment', '-x'], ['--force']])(
  '%s %s is wrong usage',
  async (...args) => {
    const { status, stderr } = await doctor(args);
    expect(stderr).toContain('usage: ./proctor state doctor');
    expect(status).toBe(64);
  },
);

describeWithTerraform('a bucket over TLS', () => {
  const KEY = randomBytes(32).toString('base64');
  let standIn: S3StandIn | undefined;
  afterEach(async () => {
    await standIn?.stop();
    standIn = undefined;
  });

  const against = async (faults: Faults, more: Record<string, string> = {}) => {
    const { certificate, privateKey } = makePair({ names: 'DNS:localhost' });
    project.write('store.crt', certificate);
    standIn = await S3StandIn.start('acme-state', faults, { cert: certificate, key: privateKey });
    const state = `state: { kind: 's3', bucket: 'acme-state', region: 'gra', endpoint: '${standIn.endpoint}' }`;
    project.edit(/state: \{ kind: '(local|s3)'[^}]*\}/, state);
    const trust = {
      NODE_EXTRA_CA_CERTS: project.path('store.crt'),
      AWS_CA_BUNDLE: project.path('store.crt'),
    };
    return doctor([], { ...S3_CREDENTIALS, ...trust, AWS_SSE_CUSTOMER_KEY: KEY, ...more });
  };

  test('is proved with all that Terraform sends, and the key is not printed', async () => {
    const { status, stdout, stderr } = await against({});
    expect(stdout).toContain('with AWS_SSE_CUSTOMER_KEY, and unreadable without it');
    expect(stdout).toContain('holds the state, and a second run is refused');
    expect(stdout + stderr).not.toContain(KEY);
    expect(stdout + stderr).not.toContain(S3_CREDENTIALS.AWS_SECRET_ACCESS_KEY);
    expect(status).toBe(0);
    expect(standIn?.keys).toEqual([]);
  });

  test('takes its credentials from .env as a deploy does', async () => {
    const lines = Object.entries({ ...S3_CREDENTIALS, AWS_SSE_CUSTOMER_KEY: KEY }).map((entry) =>
      entry.join('='),
    );
    project.write('.env', `${lines.join('\n')}\n`);
    try {
      const { status, stdout } = await against(
        {},
        { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_SSE_CUSTOMER_KEY: '' },
      );
      expect(stdout).toContain('with AWS_SSE_CUSTOMER_KEY, and unreadable without it');
      expect(status).toBe(0);
    } finally {
      rmSync(project.path('.env'));
    }
  });

  test('has the state of the server beside it, where the catalogue makes one', async () => {
    project.edit("state: { kind: 's3'", "host: {}, state: { kind: 's3'");
    try {
      const { status, stdout } = await against({});
      expect(stdout).toMatch(/state +none yet: the first deploy writes it\n.*state +host: none yet/);
      expect(status).toBe(0);
    } finally {
      project.edit('host: {}, ', '');
    }
  });

  test('that knows no trailing checksums is found, with what to export; exported, it works', async () => {
    const { status, stdout } = await against({ refusesTrailers: true });
    expect(stdout).toContain('does not take its checksums');
    expect(status).toBe(1);
    const [, name, value] = /export (AWS_REQUEST_CHECKSUM_CALCULATION)=(\w+)/.exec(stdout) ?? [];
    await standIn?.stop();
    const after = await against({ refusesTrailers: true }, { [name!]: value! });
    expect(after.stdout).toContain('holds the state, and a second run is refused');
    expect(after.status).toBe(0);
  });
});

describeWithTofu('a state that OpenTofu encrypts', () => {
  const OPENTOFU = { TERRAFORM_BINARY_NAME: 'tofu', TF_ENCRYPTION: encryptionWith('state', 'plan') };
  const FILE = '.lab/terraform.swarm-lab.tfstate';
  const lab = (more: Record<string, string>) => doctor(['--environment', 'lab'], more);
  beforeAll(() => mkdirSync(project.path('.lab'), { recursive: true }));
  afterEach(() => rmSync(project.path(FILE), { force: true }));

  test('is tried and, where it is stored, proved', async () => {
    const none = await lab(OPENTOFU);
    expect(none).toMatchObject({ status: 0, stderr: '' });
    expect(none.stdout).toMatch(/✓ encryption +OpenTofu v.* writes state and plan as cipher text/);
    project.write(FILE, JSON.stringify({ serial: 4, encrypted_data: 'AAEC' }));
    expect((await lab(OPENTOFU)).stdout).toMatch(/✓ state +.*what is stored is cipher text \(serial 4\)/);
    const missing = await lab({ TERRAFORM_BINARY_NAME: 'tofu' });
    expect(missing.stdout).toMatch(/✗ state +.*TF_ENCRYPTION is not set here/);
    expect(missing.status).toBe(1);
  });

  test('and is in clear all the same, is said, as is a program that ignores the variable', async () => {
    project.write(FILE, JSON.stringify({ version: 4, serial: 4, resources: [] }));
    const { stdout, stderr } = await lab(OPENTOFU);
    expect(stdout).toMatch(/! state +is stored in clear \(serial 4\), though TF_ENCRYPTION is set/);
    expect(stdout + stderr).not.toContain(PASSPHRASE);
    if (noTerraform !== undefined) return;
    const ignoring = await lab({ ...OPENTOFU, TERRAFORM_BINARY_NAME: 'terraform' });
    expect(ignoring.stdout).toMatch(/! encryption +TF_ENCRYPTION is set, and Terraform .* ignores it/);
  });
});
