import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { platform } from '../../services.config';
import type { Lab } from '../cluster/infrastructure';
import { mailPair } from '../cluster/mail-pair';
import { ensureSecrets, type Secrets } from './secrets';

/** What the catalogue says about the environment that the lab is. */
export const ENVIRONMENT = 'lab';
export const STACK = `swarm-${ENVIRONMENT}`;
const spec: { readonly name?: string; readonly ports?: { readonly https: number; readonly http: number } } =
  platform.environments[ENVIRONMENT];
export const NAMESPACE = spec.name ?? platform.name;
export const PORTS = spec.ports ?? { http: 80, https: 443 };

/** What of the user's shell would lead a deploy elsewhere, or bring a real secret into the lab. */
export const FOREIGN =
  /^(TF_VAR_|TF_CLI_ARGS|TF_WORKSPACE|TF_ENCRYPTION|TF_DATA_DIR|VPS_|DOCKER_|IMAGE_|PLATFORM_|PROCTORWISE_|CDKTF_)/;

/** A deploy's own variables: where it goes, with which images and secrets. */
export interface LabTarget {
  readonly lab: Lab;
  readonly secrets: Secrets;
  /** The variables that the README's deploy exports. */
  readonly variables: Readonly<Record<string, string>>;
  /** They and what is left of the user's shell. */
  readonly env: NodeJS.ProcessEnv;
}

/** @param shell `IMAGE_TAG` chooses the applications' tag. @default v1 */
export function targetOf(lab: Lab, shell: NodeJS.ProcessEnv = process.env): LabTarget {
  const secrets = ensureSecrets(lab.paths);
  const { hostname, port, username } = new URL(lab.dockerHost);
  const variables: Record<string, string> = {
    PLATFORM_ENVIRONMENT: ENVIRONMENT,
    VPS_HOST: hostname,
    VPS_PORT: port,
    VPS_USER: username,
    VPS_SSH_CONFIG: lab.paths.sshConfig,
    IMAGE_REGISTRY: lab.registry,
    IMAGE_TAG: shell.IMAGE_TAG || 'v1',
    IMAGE_LOCK: lab.paths.imageLock,
    SECRET_SALTS: lab.paths.secretSalts,
    ...Object.fromEntries(Object.entries(secrets).map(([name, value]) => [`TF_VAR_${name}`, value])),
    LAB_CA_FILE: mailPair(lab.paths).ca,
    TF_VAR_smtp_host: lab.mail.host,
    TF_VAR_smtp_port: String(lab.mail.port),
    TF_INPUT: '0',
    CHECKPOINT_DISABLE: '1',
  };
  const kept = Object.entries(shell).filter(([name]) => !FOREIGN.test(name));
  return { lab, secrets, variables, env: { ...Object.fromEntries(kept), ...variables } };
}

/** Writes the variables for a terminal: `. .lab/deploy.env`, then npm, cdktf and docker as the README has them. */
export function writeVariables({ lab, variables }: LabTarget): void {
  const file = join(lab.paths.dir, 'deploy.env');
  const exported = { ...variables, VPS_PUBLIC_HOST: lab.address };
  const lines = Object.entries(exported).map(([name, value]) => `export ${name}=${quoted(value)}`);
  writeFileSync(`${file}.new`, `. ${lab.paths.env}\n${lines.join('\n')}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

const quoted = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`;
