import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { Fault } from '../runner/fault';

/** The agent forgets the key after this, whatever happens to the job. No job here may run longer. */
const KEY_SECONDS = 2 * 3600;

/** An agent of this job's own, with none of the job's secrets in its environment. @throws {Fault} where there is none */
export async function startAgent(socket: string): Promise<{ socket: string; pid: number }> {
  const { PATH, RUNNER_TRACKING_ID } = process.env;
  // By its id the runner ends what a job has left behind.
  const env = { PATH, ...(RUNNER_TRACKING_ID ? { RUNNER_TRACKING_ID } : {}) };
  const { stdout } = await promisify(execFile)('ssh-agent', ['-s', '-a', socket], { env }).catch(
    (error: Error) => {
      throw new Fault(
        `ssh-agent does not start: ${error.message.split('\n')[0]}`,
        'install an OpenSSH client',
      );
    },
  );
  return { socket, pid: Number(/SSH_AGENT_PID=(\d+)/.exec(stdout)?.[1]) };
}

/** The key goes in by a pipe. @throws {Fault} when OpenSSH cannot read it */
export async function addKey(key: string, socket: string): Promise<void> {
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
      'it is damaged or of a kind that is no longer supported: `ssh-keygen -y -f vps` must print its public half; then `gh secret set VPS_SSH_KEY --env ENVIRONMENT < vps`',
      'VPS_SSH_KEY',
    );
  }
}
