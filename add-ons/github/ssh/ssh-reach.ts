import { spawn } from 'node:child_process';
import { explain } from '../../../operations/docker/explain';
import { Fault } from '../runner/fault';

const REACH_SECONDS = 20;

interface SshAddress {
  readonly host: string;
  readonly user: string;
  readonly port: string;
  readonly config: string;
  readonly socket: string;
}

/**
 * One login. Any answer of the server's will do: a key may be restricted to one command, and Docker need not be there yet.
 *
 * @throws {Fault} that says what stands in the way, without the server's name
 */
export async function reach({ host, user, port, config, socket }: SshAddress): Promise<void> {
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
      "if it was reinstalled, compare `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` in the provider's console and set the secret again; if not, somebody stands between",
      'VPS_KNOWN_HOSTS',
    );
  }
  throw new Fault(what, remedy, 'VPS_HOST');
}
