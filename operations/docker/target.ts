import { isIP } from 'node:net';
import type { DerivedSecret } from '../../contract/derived-secret';
import { sharedSsh } from '../../contract/shared-ssh';
import type { Shell } from '../../contract/shell';
import { identityOptions } from '../../contract/ssh-identity';
import { UsageError } from '../terminal/usage-error';
import { parseDockerHost } from './host';

/** Which server, and how to get there. */
export interface Target {
  /** `ssh://user@server:22` or `unix:///path`. */
  readonly host: string;
  readonly sshOptions: readonly string[];
  /** Where the platform's HTTPS port answers: the server's name or address. */
  readonly publicHost: string;
  /** Secrets there that are made from others: they are to be hidden in what programs say, as those are. @default none */
  readonly derived?: readonly DerivedSecret[];
}

/**
 * What is given, else `DOCKER_HOST`, else the server that Terraform deploys to (`VPS_HOST`, `VPS_USER`, `VPS_PORT`,
 * `VPS_SSH_CONFIG`, `VPS_SSH_IDENTITY`), else the local daemon. All of it is in `env`.
 *
 * @throws {UsageError}
 */
export function findTarget(host: string | undefined, sshOptions: readonly string[], env: Shell): Target {
  const chosen = host ?? (env.DOCKER_HOST || undefined);
  const found = chosen ?? serverUrl(env) ?? 'unix:///var/run/docker.sock';
  return {
    host: found,
    sshOptions: chosen === undefined && env.VPS_HOST ? [...sshOptions, ...vpsOptions(env)] : sshOptions,
    // With --host, another server's certificate would pass for this one's.
    publicHost: (host === undefined && (env.VPS_PUBLIC_HOST || env.VPS_HOST)) || hostName(found),
  };
}

/** Where Terraform deploys to; undefined where nobody says it. */
export function serverUrl({ VPS_HOST: server, VPS_USER, VPS_PORT }: Shell): string | undefined {
  if (!server) return undefined;
  return `ssh://${VPS_USER || 'root'}@${isIP(server) === 6 ? `[${server}]` : server}:${VPS_PORT || 22}`;
}

function vpsOptions(env: Shell): string[] {
  const { VPS_SSH_CONFIG } = env;
  return [
    ...(VPS_SSH_CONFIG ? ['-F', VPS_SSH_CONFIG] : []),
    ...identityIn(env),
    ...['-o', 'StrictHostKeyChecking=yes'],
    // An ssh configuration of its own says so itself, as for Terraform.
    ...(VPS_SSH_CONFIG ? [] : sharedSsh()),
  ];
}

function identityIn(env: Shell): string[] {
  try {
    return identityOptions(env);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function hostName(dockerHost: string): string {
  try {
    const target = parseDockerHost(dockerHost);
    return target.kind === 'ssh' ? target.host : 'localhost';
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
