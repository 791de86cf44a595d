import { createHash } from 'node:crypto';
import { Resource } from '@cdktf/provider-null/lib/resource';
import { readAsset } from '../assets/read-asset';
import { type Connection, Construct, literal } from '../swarm';
import { TerraformLocal } from '../swarm/cdktf';
import { quoted } from './scripts';

/** A server, and what it must prove to be. */
export class PinnedServer extends Construct {
  /** Names the local value that a step's precondition looks at: Terraform refuses a condition about nothing. */
  readonly known: string;

  constructor(
    scope: Construct,
    readonly connection: Connection,
    /** `<kind> <base64>`; undefined where no known host is this one. */
    readonly hostKey: string | undefined,
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
      provisioners: [
        {
          type: 'local-exec',
          // In the environment, so that the words of a failure, which repeat the command, stay short.
          command: literal(`sh -c "$HOST_SSH" ${[id, ...loginTo(server.connection)].map(quoted).join(' ')}`),
          environment: {
            HOST_SSH: literal(readAsset('over-ssh.sh')),
            HOST_KNOWN: `${host.toLowerCase()} ${server.hostKey ?? NO_KEY}`,
            HOST_STEP: literal(script),
          },
        },
      ],
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

/**
 * How ssh gets there, as the provider's does, but for what is the step's own: the pinned key, a connection that nobody
 * shares (it would have the groups that the user had when it was made), and no agent that goes along. What comes first, counts.
 */
const loginTo = ({ host, port, user, sshOptions }: Connection): string[] => [
  ...['-a', '-T', '-o', 'ControlPath=none', '-o', 'ClearAllForwardings=yes'],
  ...['-o', `HostKeyAlias=${host.toLowerCase()}`, '-o', 'GlobalKnownHostsFile=/dev/null'],
  ...['-o', 'UpdateHostKeys=no', '-o', 'VerifyHostKeyDNS=no', '-o', 'ConnectTimeout=10'],
  ...sshOptions,
  ...['-l', user, '-p', String(port), '--', host, 'sh -s'],
];
