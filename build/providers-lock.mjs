#!/usr/bin/env node
// `./proctor providers lock`: writes .terraform.lock.hcl, the checksums of the Terraform providers for all systems that
// deploy, from the registry itself. Commit the file: synth puts it into every stack, and init then accepts nothing else.
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { projectFolder } from './project/place.mjs';

const PLATFORMS = ['linux_amd64', 'linux_arm64', 'darwin_amd64', 'darwin_arm64'];
const LOCK = '.terraform.lock.hcl';
/** Milliseconds: four times three providers, some 150 MB, over a slow line. */
const TIMEOUT = 600_000;

let folder;
const root = projectFolder();
const terraform = process.env.TERRAFORM_BINARY_NAME || 'terraform';
const registry = /tofu/i.test(basename(terraform)) ? 'registry.opentofu.org' : 'registry.terraform.io';
const stacks = join(resolve(root, process.env.CDKTF_OUTDIR || 'cdktf.out'), 'stacks');
const stack = existsSync(stacks)
  ? readdirSync(stacks)
      // The stack of the server itself uses one of the platform's providers, and no other.
      .filter((name) => !/^host(-|$)/.test(name))
      .find((name) => existsSync(join(stacks, name, 'cdk.tf.json')))
  : undefined;
if (!stack) fail('there is no synthesized stack, whose providers could be locked\n  run: ./proctor synth');

folder = mkdtempSync(join(tmpdir(), 'providers-lock-'));
try {
  copyFileSync(join(stacks, stack, 'cdk.tf.json'), join(folder, 'cdk.tf.json'));
  // Checksums that are known stay: a provider that changed under its version is then an error.
  const known = join(root, LOCK);
  if (existsSync(known)) copyFileSync(known, join(folder, LOCK));
  const { code, output } = await lock(folder);
  if (code !== 0) fail(explain(output));
  // Beside the old one first, which is replaced in one step.
  copyFileSync(join(folder, LOCK), `${known}.new`);
  renameSync(`${known}.new`, known);
  process.stdout.write(`${LOCK} has the providers of ${stack} for ${PLATFORMS.join(', ')}\n`);
} catch (error) {
  fail(error.message);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function lock(cwd) {
  const args = ['providers', 'lock', '-no-color', ...PLATFORMS.map((platform) => `-platform=${platform}`)];
  const env = { ...process.env, CHECKPOINT_DISABLE: '1', TF_INPUT: '0', TF_IN_AUTOMATION: '1' };
  const child = spawn(terraform, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: TIMEOUT });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
      process.stderr.write(chunk);
    });
  }
  return new Promise((done, failed) => {
    child.on('error', (error) =>
      failed(
        new Error(
          `cannot run ${terraform} (${error.code})\n  install Terraform or OpenTofu, or name it in TERRAFORM_BINARY_NAME`,
        ),
      ),
    );
    child.on('close', (code, signal) =>
      done({ code, output: signal ? `${output}\ntimeout after ${TIMEOUT / 1000} s` : output }),
    );
  });
}

function explain(output) {
  const asIs = existsSync(join(root, LOCK)) ? `${LOCK} is as it was` : `${LOCK} was not written`;
  if (
    /could not connect|failed to request discovery|no such host|timeout|i\/o|connection refused/i.test(output)
  ) {
    return `the registry of the providers does not answer, ${asIs}\n  run it where ${registry} and github.com can be reached, then commit the file`;
  }
  if (/checksum/i.test(output)) {
    return `a provider is not the one that ${LOCK} has the checksum of, ${asIs}\n  find out why before anything else; after a change of version remove its block and run it again`;
  }
  return `${basename(terraform)} providers lock failed, see above; ${asIs}\n  mend what it says and run it again`;
}

function fail(message) {
  process.stderr.write(`error: ${message}\n`);
  if (folder) rmSync(folder, { recursive: true, force: true });
  process.exit(1);
}
