import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/**
 * Makes the local states of the synthesized stacks files for this user alone: `cdktf deploy` and Terraform itself make them
 * with the shell's umask, and keep the mode of what is there. The first one is made by Terraform, and narrowed by the next
 * synth: an empty file in its place would look like one that was lost.
 *
 * @param out the output folder
 * @param warn is told what cannot be made so
 */
export function keepStatesPrivate(out, warn) {
  if (process.platform === 'win32') return;
  for (const path of localStatesIn(join(out, 'stacks'))) {
    try {
      if (!existsSync(path)) continue;
      const backup = `${path}.backup`;
      if (!existsSync(backup)) writeFileSync(backup, '', { mode: 0o600, flag: 'wx' });
      // `terraform state mv` and its like leave backups with the time in their names.
      for (const name of readdirSync(dirname(path)).filter((one) => one.startsWith(`${basename(path)}.`))) {
        narrow(join(dirname(path), name));
      }
      narrow(path);
    } catch (error) {
      warn(
        `${path} may be readable for other users of this machine (${error.code}): it holds secrets\n  chmod 600 it`,
      );
    }
  }
}

function narrow(file) {
  const { mode } = statSync(file);
  if (mode & 0o077) chmodSync(file, mode & 0o700);
}

function localStatesIn(stacks) {
  const folders = existsSync(stacks) ? readdirSync(stacks).map((name) => join(stacks, name)) : [];
  return folders.flatMap((folder) => {
    const json = join(folder, 'cdk.tf.json');
    const path = existsSync(json) && JSON.parse(readFileSync(json, 'utf8')).terraform?.backend?.local?.path;
    return path ? [resolve(folder, path)] : [];
  });
}
