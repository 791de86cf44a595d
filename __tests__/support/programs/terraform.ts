import { spawnSync } from 'node:child_process';

/** Why Terraform's own locking cannot be tried here; undefined when it can. Nothing of it needs a provider or a network. */
export const noTerraform: string | undefined = whyNot();

export const describeWithTerraform = noTerraform === undefined ? describe : describe.skip;
export const testWithTerraform = noTerraform === undefined ? test : test.skip;
if (noTerraform !== undefined) {
  process.stderr.write(`SKIPPED: tests of Terraform's own state (${noTerraform})\n`);
}

function whyNot(): string | undefined {
  const { status, stdout } = spawnSync('terraform', ['version', '-json'], {
    encoding: 'utf8',
    env: { ...process.env, CHECKPOINT_DISABLE: '1' },
  });
  if (status !== 0) return 'there is no terraform';
  const version = String(JSON.parse(stdout).terraform_version);
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 1 || minor >= 10 ? undefined : `terraform ${version} has no lock files, 1.10 does`;
}
