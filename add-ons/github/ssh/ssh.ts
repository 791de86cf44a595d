import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { socketIn } from '../../../contract/shared-ssh';
import type { Shell } from '../../../contract/shell';
import { Fault } from '../runner/fault';
import type { Runner } from '../runner/runner';
import { readKnownHosts, requireHost } from './known-hosts';
import { addKey, startAgent } from './ssh-agent';
import { readPrivateKey } from './ssh-key';
import { reach } from './ssh-reach';

/**
 * An agent with the key from the environment, which touches no disk and no command line; the host keys pinned in a file
 * of their own; an ssh configuration that reads nothing else. The steps after it find them in `SSH_AUTH_SOCK` and
 * `VPS_SSH_CONFIG`. Ends with one login, so that a wrong key or host is told before anything starts.
 *
 * @throws {Fault} and leaves no agent
 */
export async function startSsh(env: Shell, runner: Runner): Promise<void> {
  const folder = sshFolder(env);
  const [host, user, port] = [env.VPS_HOST ?? '', env.VPS_USER ?? '', env.VPS_PORT || '22'];
  const key = readPrivateKey(env.VPS_SSH_KEY ?? '');
  const hosts = readKnownHosts(env.VPS_KNOWN_HOSTS ?? '');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = (name: string, content: string) => {
    const path = join(folder, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  const known = file('known_hosts', hosts);
  await requireHost(known, host, port);
  const config = file('config', configuration(folder, known));
  const agent = await startAgent(socketIn(folder, 'agent', `agent-${process.pid}`) ?? join(folder, 'agent'));
  try {
    await addKey(key, agent.socket);
    await reach({ host, user, port, config, socket: agent.socket });
  } catch (error) {
    process.kill(agent.pid);
    throw error;
  }
  runner.setVariable('SSH_AUTH_SOCK', agent.socket);
  runner.setVariable('SSH_AGENT_PID', String(agent.pid));
  runner.setVariable('VPS_SSH_CONFIG', config);
  runner.say('the server lets this job in; its host key is the one that is pinned');
}

/** Ends the shared connection and the agent, and removes the files. Finds nothing to do where none was started. */
export async function stopSsh(env: Shell): Promise<void> {
  const pid = Number(env.SSH_AGENT_PID);
  if (env.SSH_AGENT_PID && Number.isInteger(pid) && pid > 1) {
    if (env.VPS_SSH_CONFIG && env.VPS_HOST) {
      const shared = [
        '-F',
        env.VPS_SSH_CONFIG,
        '-O',
        'exit',
        '-p',
        env.VPS_PORT || '22',
        '-l',
        env.VPS_USER ?? '',
      ];
      await promisify(execFile)('ssh', [...shared, '--', env.VPS_HOST]).catch(() => {});
    }
    try {
      process.kill(pid);
    } catch {
      // It has ended by itself.
    }
  }
  rmSync(sshFolder(env), { recursive: true, force: true });
}

function sshFolder(env: Shell): string {
  if (!env.RUNNER_TEMP)
    throw new Fault('RUNNER_TEMP is not set', 'this step is for the jobs of GitHub Actions');
  return join(env.RUNNER_TEMP, 'vps-ssh');
}

const configuration = (folder: string, known: string) => `Host *
  UserKnownHostsFile "${known}"
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
  UpdateHostKeys no
  BatchMode yes
  IdentityFile none
  PreferredAuthentications publickey
  ServerAliveInterval 15
  # The provider opens a connection for each resource, and a stock sshd refuses bursts of them.
  ${sharing(socketIn(folder, '%C'))}
`;

/** A self-hosted runner's folder may be deeper than a socket's path may be long. */
const sharing = (path: string | undefined): string =>
  path
    ? ['ControlMaster auto', `ControlPath "${path}"`, 'ControlPersist 60'].join('\n  ')
    : '# There is no place for its socket.';
