import { spawnSync } from 'node:child_process';
import type { Shell } from '../../contract/shell';

/** After so many keys that do not fit a server hangs up (MaxAuthTries of sshd). */
const TRIES = 6;
/** `256 SHA256:… ana@laptop (ED25519)`. */
const KEY = /^\d+ \S+:\S+ /;

/**
 * ssh offers a server each key of the agent in turn, where its configuration does not name one.
 *
 * @returns why it may not get in, with what to do; undefined where the agent has few keys, or one of them is named
 */
export function tooManyKeys(shell: Shell): string | undefined {
  if (shell.VPS_SSH_IDENTITY || !shell.SSH_AUTH_SOCK) return undefined;
  const { stdout } = spawnSync('ssh-add', ['-l'], {
    encoding: 'utf8',
    env: { ...process.env, SSH_AUTH_SOCK: shell.SSH_AUTH_SOCK },
    timeout: 10_000,
  });
  const keys = (stdout ?? '').split('\n').filter((line) => KEY.test(line)).length;
  return keys > TRIES
    ? `the ssh agent has ${keys} keys, which ssh offers one after the other, and a server hangs up after ${TRIES}\n  name the right one: VPS_SSH_IDENTITY=<its comment in \`ssh-add -l\`, or the path of its .pub file>`
    : undefined;
}
