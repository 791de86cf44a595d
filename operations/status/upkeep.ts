import { hostname } from 'node:os';
import { parseDockerHost } from '../docker/host';
import { readOnHost } from '../docker/on-host';

/** What a server waits for that nobody is told of otherwise. */
export interface Upkeep {
  /** A kernel or a library that only a restart of the server brings. */
  readonly reboot: boolean;
  /** sshd lets in who knows a password. */
  readonly passwords: boolean;
  /** Packages of Docker that have a newer version, as `docker.io 26.1.5+dfsg1-9`; they never install themselves. */
  readonly updates: readonly string[];
}

/**
 * Changes nothing, and waits for nothing long. sshd tells its settings to root alone; sudo is asked only where the user is
 * in a group that has it, since anybody else's question is reported to the server's administrator.
 */
const SCRIPT = `
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"
[ ! -e "\${HOST_ROOT:-}/run/reboot-required" ] || echo reboot
timeout 6 apt-get --simulate -o Debug::NoLocking=1 -qq dist-upgrade 2> /dev/null |
  sed -n 's/^Inst \\(docker[^ ]*\\|containerd[^ ]*\\|runc\\) .*(\\([^ ]*\\) .*/update \\1 \\2/p'
if [ "$(id -u)" = 0 ]; then root=; elif id -nG | tr ' ' '\\n' | grep -qxE 'sudo|admin|wheel'; then root='sudo -n'; else root=false; fi
timeout 4 $root sshd -T 2> /dev/null | grep -qE '^(passwordauthentication|kbdinteractiveauthentication) yes' && echo passwords
echo end
`;

/**
 * @param name the daemon's host name: a local socket may lead to another machine
 * @returns undefined where the login allows no shell
 */
export async function gatherUpkeep(
  target: Parameters<typeof readOnHost>[0],
  name: string,
): Promise<Upkeep | undefined> {
  if (parseDockerHost(target.host).kind === 'unix' && name !== hostname()) return undefined;
  return parseUpkeep(await readOnHost(target, ['sh', '-c', SCRIPT]));
}

export function parseUpkeep(text: string): Upkeep | undefined {
  const lines = text.split('\n');
  if (!lines.includes('end')) return undefined;
  return {
    reboot: lines.includes('reboot'),
    passwords: lines.includes('passwords'),
    updates: lines.filter((line) => line.startsWith('update ')).map((line) => line.slice('update '.length)),
  };
}

/** Each with what to do; in the catalogue it is done at the next deploy. */
export function upkeepInWords({ reboot, passwords, updates }: Upkeep): string[] {
  return [
    ...(reboot
      ? [
          "the server waits for a reboot, for its kernel or libraries: sudo reboot in a quiet moment, or host: { rebootAt: '04:00' }",
        ]
      : []),
    ...(updates.length > 0
      ? [
          `Docker has updates, which restart every task (${updates.join(', ')}): host: { updateDocker: 'now' } in a quiet moment, or docs/vps.md`,
        ]
      : []),
    ...(passwords
      ? [
          'sshd lets in who knows a password: host: { sshPasswords: false }, or PasswordAuthentication no in /etc/ssh/sshd_config.d/',
        ]
      : []),
  ];
}
