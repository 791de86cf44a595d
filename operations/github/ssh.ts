import { execFile, spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { explain } from '../docker/explain';
import { Fault } from './fault';
import { readKnownHosts, requireHost } from './known-hosts';
import type { Runner } from './runner';
import { readPrivateKey } from './ssh-key';

type Env = Readonly<Record<string, string | undefined>>;

/** The agent forgets the key after this, whatever happens to the job. No job here may run longer. */
const KEY_SECONDS = 2 * 3600;
const REACH_SECONDS = 20;

/**
 * An agent with the key from the environment, which touches no disk and no command line; the host keys pinned in a file
 * of their own; an ssh configuration that reads nothing else. The steps after it find them in `SSH_AUTH_SOCK` and
 * `VPS_SSH_CONFIG`. Ends with one login, so that a wrong key or host is told before anything starts.
 *
 * @throws {Fault} and leaves no agent
 */
export async function startSsh(env: Env, runner: Runner): Promise<void> {
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
  const agent = await startAgent(join(folder, 'agent'));
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
export async function stopSsh(env: Env): Promise<void> {
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

function sshFolder(env: Env): string {
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
  ControlMaster auto
  ControlPath "${join(folder, '%C')}"
  ControlPersist 60
`;

async function startAgent(socket: string): Promise<{ socket: string; pid: number }> {
  const { stdout } = await promisify(execFile)('ssh-agent', ['-s', '-a', socket]).catch((error: Error) => {
    throw new Fault(`ssh-agent does not start: ${error.message.split('\n')[0]}`, 'install an OpenSSH client');
  });
  return { socket, pid: Number(/SSH_AGENT_PID=(\d+)/.exec(stdout)?.[1]) };
}

async function addKey(key: string, socket: string): Promise<void> {
  const child = spawn('ssh-add', ['-q', '-t', String(KEY_SECONDS), '-'], {
    // It must not ask for a passphrase, neither here nor on a screen.
    env: { PATH: process.env.PATH, SSH_AUTH_SOCK: socket, SSH_ASKPASS_REQUIRE: 'never', LC_ALL: 'C' },
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  child.stdin.on('error', () => {});
  child.stdin.end(key);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (code !== 0) {
    throw new Fault(
      'the secret VPS_SSH_KEY looks like a private key, but OpenSSH cannot read it',
      'it is damaged or of a kind that is no longer supported: `ssh-keygen -y -f vps` must print its public half; then `gh secret set VPS_SSH_KEY < vps`',
      'VPS_SSH_KEY',
    );
  }
}

interface Target {
  readonly host: string;
  readonly user: string;
  readonly port: string;
  readonly config: string;
  readonly socket: string;
}

/** Any answer of the server's will do: a key may be restricted to one command, and Docker need not be there yet. */
async function reach({ host, user, port, config, socket }: Target): Promise<void> {
  const options = ['-F', config, '-o', `ConnectTimeout=${REACH_SECONDS}`, '-o', 'ControlPath=none', '-T'];
  const child = spawn('ssh', [...options, '-p', port, '-l', user, '--', host, 'true'], {
    env: { ...process.env, SSH_AUTH_SOCK: socket },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 2 * REACH_SECONDS * 1000,
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  // 255 is ssh's own failure; anything else comes from the other side.
  if (code !== 255 && code !== null) return;
  const words = explain(new Error(said.trim().replaceAll(host, 'VPS_HOST') || 'no answer'), 'VPS_HOST')!;
  const [what = '', remedy = ''] = words.message.split('\n');
  if (words.problem === 'denied') {
    throw new Fault(
      'the server does not take the key VPS_SSH_KEY for the user VPS_USER',
      'its public half (`ssh-keygen -y -f vps`) must be a line of ~/.ssh/authorized_keys of that user: `ssh-copy-id -i vps.pub user@server`',
      'VPS_SSH_KEY',
    );
  }
  if (words.problem === 'hostKey') {
    throw new Fault(
      'the server shows a host key that is not in VPS_KNOWN_HOSTS',
      "if it was set up anew, compare `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` in the provider's console and set the secret anew; if not, somebody stands between",
      'VPS_KNOWN_HOSTS',
    );
  }
  throw new Fault(what, remedy, 'VPS_HOST');
}
