import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../cluster/infrastructure';
import { mailPair } from '../cluster/mail-pair';
import { runDeploy } from '../deploy/run';
import { ensureSecrets } from '../deploy/secrets';
import { FOREIGN } from '../deploy/target';
import type { Print } from '../ground/progress';
import { readSettings } from '../ground/settings';
import { run } from '../ground/shell';
import { registryFromMachine } from './disk';
import type { MachinePaths } from './machine-paths';
import { machinePorts } from './ports';

export const ENVIRONMENT = 'vps';
const STACKS = ['host', 'swarm'].map((name) => `${name}-${ENVIRONMENT}`);

export interface Deployment {
  readonly status: number | null;
  readonly output: string;
  readonly seconds: number;
}

/** The state of a machine that is no more would have Terraform look for it. */
export function forgetState(): void {
  for (const stack of STACKS) {
    for (const end of ['', '.backup'])
      rmSync(join('.lab', `terraform.${stack}.tfstate${end}`), { force: true });
  }
}

/** `./proctor deploy --environment vps --yes`, with what the README exports. */
export async function deployToMachine(lab: Lab, machine: MachinePaths, print: Print): Promise<Deployment> {
  const start = Date.now();
  const agent = await startAgent(machine);
  const said: string[] = [];
  try {
    const env = { ...variables(lab, machine), SSH_AUTH_SOCK: agent.socket, CI: '1' };
    const args = ['proctor', 'deploy', '--environment', ENVIRONMENT, '--yes'];
    const status = await runDeploy(lab.paths, {
      command: process.execPath,
      args,
      env,
      onLine: (line) => {
        said.push(line);
        print(`  ${line}`);
      },
    }).then(
      () => 0,
      (error: { status?: number }) => error.status ?? 1,
    );
    return { status, output: said.join('\n'), seconds: (Date.now() - start) / 1000 };
  } finally {
    process.kill(agent.pid);
  }
}

function variables(lab: Lab, machine: MachinePaths): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name));
  const secrets = Object.entries(ensureSecrets(lab.paths)).map(([name, value]) => [`TF_VAR_${name}`, value]);
  return {
    ...Object.fromEntries([...kept, ...secrets]),
    VPS_HOST: '127.0.0.1',
    VPS_USER: 'deploy',
    VPS_PORT: String(machinePorts().ssh),
    VPS_SSH_CONFIG: machine.sshConfig,
    VPS_KNOWN_HOSTS: readFileSync(machine.knownHosts, 'utf8'),
    IMAGE_REGISTRY: registryOf(lab),
    IMAGE_TAG: 'v1',
    IMAGE_LOCK: imageLock(lab),
    LAB_CA_FILE: mailPair(lab.paths).ca,
    TF_VAR_smtp_host: lab.mail.host,
    TF_VAR_smtp_port: String(lab.mail.port),
  };
}

const registryOf = (lab: Lab): string => registryFromMachine(readSettings(lab.paths)!.registryPort);

/** The same digests under the name that the machine has for the registry. */
function imageLock(lab: Lab): string {
  const file = join(lab.paths.dir, 'vps-images.lock.json');
  const text = readFileSync(lab.paths.imageLock, 'utf8').replaceAll(lab.registry, registryOf(lab));
  writeFileSync(file, text);
  return file;
}

/** An agent with the client's key alone, as most operators have one. */
async function startAgent({ clientKey }: MachinePaths): Promise<{ socket: string; pid: number }> {
  const said = await run('ssh-agent', ['-s']);
  const value = (name: string) => new RegExp(`${name}=([^;]+)`).exec(said)?.[1] ?? '';
  const socket = value('SSH_AUTH_SOCK');
  await run('ssh-add', ['-q', clientKey], { env: { SSH_AUTH_SOCK: socket } });
  return { socket, pid: Number(value('SSH_AGENT_PID')) };
}
