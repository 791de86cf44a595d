import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureRequirements } from '../../../lab/cluster/requirements';
import { labPaths } from '../../../lab/ground/paths';
import { terraformProgram } from '../../../operations/terraform/program';
import { freePorts } from '../../support/programs/loopback';

/**
 * Where the lab of the tests is: apart from the user's own. `E2E_LAB_DIR` names another folder; a lab that runs there
 * is used. Where the lab cannot run, `E2E_SKIPPED` says why, and every test is skipped; where Terraform cannot be had,
 * `E2E_NO_TERRAFORM` says why, the lab deploys the compose form, and the tests of Terraform's half are skipped.
 * With `E2E_REQUIRED` the run fails instead.
 */
export default async function setup(): Promise<void> {
  // One for each checkout, so that the tests of two do not meet.
  const checkout = createHash('sha256').update(process.cwd()).digest('hex').slice(0, 6);
  process.env.LAB_DIR = process.env.E2E_LAB_DIR || join(tmpdir(), `proctorwise-e2e-${checkout}`);
  // A lab that is there has its own.
  if (!existsSync(labPaths().settings)) {
    const [ssh, registry] = await freePorts(2);
    process.env.LAB_SSH_PORT ||= String(ssh);
    process.env.LAB_REGISTRY_PORT ||= String(registry);
  }
  delete process.env.IMAGE_TAG;
  try {
    await ensureRequirements(labPaths(), () => {});
  } catch (error) {
    // Where the tests are what a pull request waits for, to skip them all is no success.
    if (process.env.E2E_REQUIRED) throw error;
    process.env.E2E_SKIPPED = (error as Error).message;
    process.stderr.write(`\n!!! EVERY END-TO-END TEST IS SKIPPED: ${(error as Error).message}\n\n`);
    return;
  }
  const reason = whyNoProviders();
  if (reason === undefined) return;
  if (process.env.E2E_REQUIRED) throw new Error(reason);
  process.env.E2E_NO_TERRAFORM = reason;
  process.stderr.write(
    `\n!!! THE TERRAFORM HALF IS SKIPPED, the compose form is tested instead: ${reason}\n\n`,
  );
}

/** Asks Terraform itself for the providers that the stack needs: it knows its registries, mirrors and caches best. */
function whyNoProviders(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'providers-'));
  const providers = ['docker', 'null', 'tls'].map((name) => {
    const { cdktf } = require(`@cdktf/provider-${name}/package.json`);
    // As in the stack: each program then asks its own registry.
    const source = cdktf.provider.name.replace('registry.terraform.io/', '');
    return [name, { source, version: cdktf.provider.version }];
  });
  const main = { terraform: { required_providers: Object.fromEntries(providers) } };
  try {
    writeFileSync(join(folder, 'main.tf.json'), JSON.stringify(main));
    const { error, status, stderr } = spawnSync(terraformProgram(), ['init', '-input=false', '-no-color'], {
      cwd: folder,
      encoding: 'utf8',
      // A registry that swallows packets is given up for one that does not answer.
      timeout: 90_000,
    });
    if (error) return `${terraformProgram()} cannot run (${error.message})`;
    return status === 0
      ? undefined
      : (/Error: .*/.exec(stderr)?.[0] ?? `${terraformProgram()} init ended with ${status}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
