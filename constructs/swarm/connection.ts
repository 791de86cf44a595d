import { sharedSsh } from '../../contract/shared-ssh';
import type { Shell } from '../../contract/shell';
import { identityOptions } from '../../contract/ssh-identity';

/** How Terraform and the gates reach the Docker daemon: the system's own ssh, with its keys, agent and known hosts. */
export class Connection {
  /**
   * From `VPS_HOST`, `VPS_USER` and `VPS_PORT` (22); `VPS_SSH_CONFIG` names an ssh configuration file to use
   * instead of the user's, `VPS_SSH_IDENTITY` the one key that is offered.
   * @throws when `VPS_HOST` or `VPS_USER` is missing, a value cannot be one, or the key is nowhere
   */
  static fromEnvironment(env: Shell, defaultHost?: string): Connection {
    const host = env.VPS_HOST || defaultHost;
    if (!host) {
      throw new Error(
        'VPS_HOST is not set: the address of the server to deploy to\n  export VPS_HOST=203.0.113.10 VPS_USER=deploy (and VPS_PORT where it is not 22)',
      );
    }
    const user = env.VPS_USER;
    if (!user) {
      throw new Error(
        'VPS_USER is not set: the ssh user, root or one in the group docker\n  export VPS_USER=deploy',
      );
    }
    if (!/^[A-Za-z0-9.:_-]+$/.test(host) || host.startsWith('-')) {
      throw new Error(`VPS_HOST="${host}" is not a host name or an address\n  export VPS_HOST=203.0.113.10`);
    }
    if (!/^[a-z_][a-z0-9_.-]*$/i.test(user)) {
      throw new Error(`VPS_USER="${user}" is not a user name\n  export VPS_USER=deploy`);
    }
    const port = Number(env.VPS_PORT || 22);
    if (!Number.isInteger(port) || port < 1 || port > 65535) {
      throw new Error(
        `VPS_PORT="${env.VPS_PORT}" is not a port\n  export VPS_PORT=22, a number from 1 to 65535`,
      );
    }
    return new Connection(host, user, port, env.VPS_SSH_CONFIG || undefined, identityOptions(env));
  }

  readonly url: string;
  readonly sshOptions: readonly string[];

  private constructor(
    readonly host: string,
    readonly user: string,
    readonly port: number,
    sshConfig: string | undefined,
    identity: readonly string[],
  ) {
    this.url = `ssh://${user}@${host.includes(':') ? `[${host}]` : host}:${port}`;
    this.sshOptions = [
      ...(sshConfig ? ['-F', sshConfig] : []),
      ...identity,
      // An unknown or changed host key ends the deploy, whatever the user's configuration says.
      '-o',
      'StrictHostKeyChecking=yes',
      '-o',
      'BatchMode=yes',
      // Whoever is root on the server could log in elsewhere with an agent that goes along.
      '-o',
      'ForwardAgent=no',
      '-o',
      'ServerAliveInterval=15',
      // A configuration of its own says itself whether to share.
      ...(sshConfig ? [] : sharedSsh()),
    ];
  }
}
