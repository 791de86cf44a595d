import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPair } from '../../../../constructs/units/certificate-pair';
import { platform } from '../../../../services.config';
import { SHELL, Workplace } from '../../../support/platform/platform';
import { describeWithProvider, PLUGINS } from '../../../support/programs/providers';

const describeHere = describeWithProvider(
  'hashicorp/tls',
  'the self-signed certificate is NOT made: terraform or its tls provider is not here',
);

/** What the stack says of the self-signed pair, and nothing else of it, in a folder of its own. */
class SelfSigned {
  readonly folder = mkdtempSync(join(tmpdir(), 'self-signed-'));
  private readonly certificate;
  private readonly json;

  constructor() {
    const workplace = new Workplace();
    const { tls_private_key, tls_self_signed_cert } = workplace.synth(platform).json.resource;
    workplace.remove();
    this.certificate = tls_self_signed_cert.tls_self_signed;
    this.json = {
      terraform: { required_providers: { tls: { source: 'hashicorp/tls' } } },
      resource: {
        tls_private_key,
        tls_self_signed_cert,
        // In place of the secret, whose name has the same hash.
        terraform_data: { secret: { input: '${sha256(tls_self_signed_cert.tls_self_signed.cert_pem)}' } },
      },
    };
    this.write();
    this.run('init', `-plugin-dir=${PLUGINS}`);
  }

  /** As if most of its life was over. */
  age(): void {
    // The provider looks at the time that is left and at this number alone.
    this.certificate.early_renewal_hours = this.certificate.validity_period_hours;
    this.write();
  }

  run(...args: string[]): string {
    const env = { ...process.env, TF_INPUT: '0', TF_CLI_ARGS: '-no-color', CHECKPOINT_DISABLE: '1' };
    const { status, stdout, stderr } = spawnSync('terraform', args, {
      cwd: this.folder,
      env,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stdout + stderr);
    return stdout;
  }

  /** The pair in the state. */
  pair(): { certificate: string; privateKey: string } {
    const { resources } = JSON.parse(readFileSync(join(this.folder, 'terraform.tfstate'), 'utf8'));
    const of = (type: string) =>
      resources.find((one: { type: string }) => one.type === type).instances[0].attributes;
    return {
      certificate: of('tls_self_signed_cert').cert_pem,
      privateKey: of('tls_private_key').private_key_pem,
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private write(): void {
    writeFileSync(join(this.folder, 'main.tf.json'), JSON.stringify(this.json));
  }
}

describeHere('the self-signed pair, as the tls provider makes it,', () => {
  let made: SelfSigned;
  beforeAll(() => {
    made = new SelfSigned();
    made.run('apply', '-auto-approve');
  });
  afterAll(() => made.remove());

  test('is ECDSA P-256 for the name, the server’s address, localhost and 127.0.0.1, and fits', () => {
    const { certificate, privateKey } = made.pair();
    const leaf = new X509Certificate(certificate);
    expect(leaf.publicKey.asymmetricKeyDetails).toMatchObject({ namedCurve: 'prime256v1' });
    for (const serverName of [platform.serverName, SHELL.VPS_HOST, 'localhost', '127.0.0.1']) {
      expect(checkPair({ certificate, privateKey, serverName, now: new Date() })).toEqual([]);
    }
    const days = (Date.parse(leaf.validTo) - Date.parse(leaf.validFrom)) / 86_400_000;
    expect(days).toBe(90);
  });

  test('is left alone while it is young, and made anew in a plan that shows it when its end is near', () => {
    expect(made.run('plan')).toContain('No changes.');
    const { certificate } = made.pair();
    made.age();
    const plan = made.run('plan');
    expect(plan).toMatch(/ready_for_renewal +=.* # forces replacement/);
    // The secret's name changes with it, so nginx rolls.
    expect(plan).toMatch(/terraform_data\.secret will be updated in-place/);
    made.run('apply', '-auto-approve');
    expect(made.pair().certificate).not.toBe(certificate);
  });
});
