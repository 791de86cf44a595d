import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { socketIn } from '../../contract/shared-ssh';
import { LabError } from '../ground/error';
import { programsNamed } from '../ground/packages';
import type { LabPaths } from '../ground/paths';
import { requireFreePort } from '../ground/ports';
import { becomesReady, CELL, lastWord, processesOf, startProcess, stopProcesses } from '../ground/processes';
import type { LabSettings } from '../ground/settings';
import { run, succeeds } from '../ground/shell';

/** What the provider, the docker command and `operations` are given. */
export const dockerHost = (settings: LabSettings): string => `ssh://root@127.0.0.1:${settings.sshPort}`;

/**
 * A server's configuration with the limits of a stock one, whose sessions find the private engine. Their home is the lab's:
 * what root's shell starts with on this machine (version managers, a greeting) no server has, and it costs each session.
 */
export function serverConfiguration(paths: LabPaths, settings: LabSettings): string {
  const at = (name: string) => join(paths.ssh, name);
  return `# Made by the lab.
ListenAddress 127.0.0.1:${settings.sshPort}
HostKey ${at('host_key')}
AuthorizedKeysFile ${at('client_key.pub')}
PidFile none
AllowUsers root
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
# Root is often locked for passwords, which without PAM locks keys out, too.
UsePAM yes
# The project's folder may belong to a user; only root and its owner reach these files.
StrictModes no
PrintMotd no
PrintLastLog no
MaxSessions 10
MaxStartups 10:30:100
SetEnv DOCKER_HOST=unix://${paths.socket} DOCKER_CONFIG=${join(paths.dir, 'docker-config')} HOME=${paths.ssh}
`;
}

/**
 * An ssh configuration that reads nothing of the user's. `lab` is the host's short name. Connections are shared:
 * Terraform's provider opens one for each resource, and the server refuses bursts as a stock one does.
 */
export function clientConfiguration(paths: LabPaths, settings: LabSettings): string {
  const at = (name: string) => join(paths.ssh, name);
  return `# Made by the lab: ssh -F ${paths.sshConfig} lab docker info
Host lab
  HostName 127.0.0.1
Host *
  Port ${settings.sshPort}
  User root
  IdentityFile ${at('client_key')}
  IdentitiesOnly yes
  IdentityAgent none
  UserKnownHostsFile ${at('known_hosts')}
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
  UpdateHostKeys no
  BatchMode yes
  ControlMaster auto
  ControlPath ${socketIn(paths.dir, 'mux', `lab-${paths.id}`) ?? 'none'}
  ControlPersist 60
`;
}

export async function startSshd(paths: LabPaths, settings: LabSettings): Promise<void> {
  mkdirSync(paths.ssh, { recursive: true, mode: 0o700 });
  mkdirSync(paths.bin, { recursive: true });
  for (const name of ['host_key', 'client_key']) await ensureKey(join(paths.ssh, name));
  const hostKey = readFileSync(join(paths.ssh, 'host_key.pub'), 'utf8');
  writeFileSync(join(paths.ssh, 'known_hosts'), `[127.0.0.1]:${settings.sshPort} ${hostKey}`);
  writeFileSync(join(paths.ssh, 'sshd_config'), serverConfiguration(paths, settings));
  writeFileSync(paths.sshConfig, clientConfiguration(paths, settings));
  // Whole at any moment: a deploy may be using it.
  const ours = join(paths.bin, 'ssh');
  const script = `${OURS}exec ${sshOfTheSystem()} -F ${paths.sshConfig} "$@"\n`;
  writeFileSync(`${ours}.new`, script, { mode: 0o755 });
  renameSync(`${ours}.new`, ours);
  writeFileSync(
    paths.env,
    `# . ${paths.env}\nexport DOCKER_HOST=${dockerHost(settings)}\nexport PATH=${paths.bin}:$PATH\n`,
  );

  if (processesOf(paths, 'sshd').length === 0) {
    await requireFreePort(settings.sshPort, 'sshd', 'LAB_SSH_PORT');
    const server = `exec "$(command -v sshd || echo /usr/sbin/sshd)" -D -e -f '${join(paths.ssh, 'sshd_config')}'`;
    // The server insists on /run/sshd; in a cell it can have one that is not this machine's.
    const cell = `mount -t tmpfs -o mode=755 lab-run /run && mkdir /run/sshd && ${server}`;
    startProcess(paths, 'sshd', [...CELL, '/bin/sh', '-c', cell]);
  }
  const reaches = () =>
    succeeds('ssh', ['-F', paths.sshConfig, 'lab', 'docker', 'version'], { timeoutSeconds: 15 });
  if (await becomesReady(paths, 'sshd', 20, reaches)) return;
  throw new LabError(
    `the engine is not reached over ssh: ${lastWord(paths, 'sshd')}`,
    `see ${join(paths.logs, 'sshd.log')}`,
  );
}

/** Ends its sessions, too. */
export const stopSshd = (paths: LabPaths): Promise<void> => stopProcesses(paths, 'sshd', 0);

async function ensureKey(file: string): Promise<void> {
  // ssh-keygen writes the public half last: without it the pair was cut short.
  if (existsSync(file) && existsSync(`${file}.pub`)) return;
  rmSync(file, { force: true });
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'proctorwise-lab', '-f', file]);
}

const OURS = '#!/bin/sh\n# Made by the lab.\n';

/** Not a lab's own, which comes first in a terminal that `. .lab/env` points at one: it would call itself forever. */
export function sshOfTheSystem(path?: string): string {
  const found = programsNamed('ssh', path).find((file) => !isOurs(file));
  if (found === undefined) throw new LabError('there is no ssh in PATH', 'apt-get install openssh-client');
  return found;
}

/** Also as labs made it before it said so. */
const isOurs = (file: string): boolean =>
  /^#!\/bin\/sh\n(# Made by the lab\.\n|exec \S+ -F \S+\/ssh\/config "\$@"\n$)/.test(
    readFileSync(file, 'latin1'),
  );
