import { createHash } from 'node:crypto';
import { Resource } from '@cdktf/provider-null/lib/resource';
import { type Connection, Construct, literal } from '../swarm';
import { TerraformLocal } from '../swarm/cdktf';

/** A server, and what it must prove to be. */
export class PinnedServer extends Construct {
  /** Names the local value that a step's precondition looks at: Terraform refuses a condition about nothing. */
  readonly known: string;

  constructor(
    scope: Construct,
    readonly connection: Connection,
    /** `<kind> <base64>`; undefined where no known host is this one. */
    readonly hostKey: string | undefined,
    /** Which key of the agent is offered first: a server hangs up after six. */
    readonly identity?: string,
  ) {
    super(scope, 'server');
    new TerraformLocal(this, 'host_key', hostKey ?? '').overrideLogicalId('host_key');
    this.known = 'local.host_key';
  }
}

export interface RemoteStepProps {
  readonly server: PinnedServer;
  /** A POSIX shell script that converges: it runs again after it failed, was cut off, or has changed. */
  readonly script: string;
  /** What must have been done before. @default nothing */
  readonly after?: RemoteStep | undefined;
}

/** Parses as no key: without a pinned one nothing is connected to, even where the precondition were passed by. */
const NO_KEY = 'ssh-ed25519 unknown';

/**
 * Something done on a server over ssh, once for each content of its script. There is no undoing: a destroyed step
 * leaves the server as it is, since leaving the Swarm or removing Docker would take secrets and services with it.
 */
export class RemoteStep extends Construct {
  constructor(scope: Construct, id: string, { server, script, after }: RemoteStepProps) {
    super(scope, id);
    const { host, port, user, url } = server.connection;
    new Resource(this, 'Default', {
      triggers: { server: url, script: createHash('sha256').update(script).digest('hex') },
      connection: {
        type: 'ssh',
        host,
        port,
        user,
        timeout: '2m',
        // No key is read from a file: its path or itself would be in the state.
        agent: 'true',
        ...(server.identity ? { agentIdentity: server.identity } : {}),
        hostKey: server.hostKey ?? NO_KEY,
      },
      provisioners: [{ type: 'remote-exec', inline: [literal(script)] }],
      dependsOn: after ? [after.node.defaultChild as never] : [],
      lifecycle: {
        precondition: [
          {
            condition: `\${${server.known} != ""}`,
            errorMessage: `The host key of ${host} is not known. Connect once by hand (ssh -p ${port} ${user}@${host}) and compare its fingerprint with the one that your provider shows, or put lines of known_hosts into VPS_KNOWN_HOSTS.`,
          },
        ],
      },
    });
  }
}
