import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { here, type Places, sshFolder } from './shared-ssh';
import type { Shell } from './shell';

/**
 * Options by which ssh offers one key alone, where `VPS_SSH_IDENTITY` names one: by the path of its file or of its public
 * half, or by its comment in the agent. Without them ssh offers each key of the agent in turn, and a server hangs up after
 * six (MaxAuthTries of sshd).
 *
 * ssh takes nothing but a file: of a key in the agent the public half is written into one, beside the sockets of ssh.
 *
 * @throws when there is no such file, and no such key in the agent
 */
export function identityOptions(shell: Shell, places: Places | undefined = here()): string[] {
  const name = shell.VPS_SSH_IDENTITY;
  if (!name) return [];
  const file = existsSync(name) ? resolve(name) : publicHalf(name, shell, places);
  return ['-i', file, '-o', 'IdentitiesOnly=yes'];
}

function publicHalf(name: string, shell: Shell, places: Places | undefined): string {
  const key = findKey(name, shell);
  if (key === undefined) {
    throw new Error(
      `VPS_SSH_IDENTITY="${name}": the ssh agent has no such key, and there is no such file\n  let it be a comment of \`ssh-add -l\`, or the path of a .pub file`,
    );
  }
  const folder = places && sshFolder(places);
  if (folder === undefined) {
    throw new Error(
      `VPS_SSH_IDENTITY="${name}": there is no folder for the public half of this key\n  let it be the path of a .pub file`,
    );
  }
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 16);
  const file = join(folder, `swarm-${hash}.pub`);
  writeFileSync(file, `${key}\n`, { mode: 0o600 });
  return file;
}

/** The agent may have a key under its whole path, of which the end will do. */
function findKey(name: string, { SSH_AUTH_SOCK }: Shell): string | undefined {
  const env = { ...process.env, ...(SSH_AUTH_SOCK ? { SSH_AUTH_SOCK } : {}) };
  const { stdout } = spawnSync('ssh-add', ['-L'], { encoding: 'utf8', env, timeout: 10_000 });
  const keys = (stdout ?? '').split('\n').filter((line) => /^\S+ \S+ ./.test(line));
  const comment = (key: string) => key.replace(/^\S+ \S+ /, '');
  return keys.find((key) => comment(key) === name) ?? keys.find((key) => comment(key).endsWith(name));
}
