import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A new folder beside `out`, on the same file system, so that it can take its place in one step. */
export function temporaryFolder(out) {
  mkdirSync(dirname(out), { recursive: true });
  for (const name of readdirSync(dirname(out))) {
    // Left by a run that was killed.
    if (name.startsWith(`${basename(out)}.new-`) || name === `${basename(out)}.old`) {
      rmSync(join(dirname(out), name), { recursive: true, force: true });
    }
  }
  const path = mkdtempSync(`${out}.new-`);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** What `terraform init` made, and a state that its backend did not take at the end of an apply. */
const KEPT = ['.terraform', '.terraform.lock.hcl', 'errored.tfstate'];

/** Puts `fresh` in the place of `out`; what Terraform made there stays. */
export function replaceFolder(fresh, out, { lockFile }) {
  const stacks = join(fresh, 'stacks');
  for (const stack of existsSync(stacks) ? readdirSync(stacks) : []) {
    for (const name of KEPT) {
      const kept = join(out, 'stacks', stack, name);
      if (existsSync(kept)) renameSync(kept, join(stacks, stack, name));
    }
    if (existsSync(lockFile)) copyFileSync(lockFile, join(stacks, stack, '.terraform.lock.hcl'));
  }
  const old = `${out}.old`;
  rmSync(old, { recursive: true, force: true });
  if (existsSync(out)) renameSync(out, old);
  renameSync(fresh, out);
  rmSync(old, { recursive: true, force: true });
}
