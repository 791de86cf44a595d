import type { Shell } from '../contract/shell';
import { Environment } from './catalogue/environment';
import type { PlatformSpec } from './catalogue/spec/platform';
import { HostStack, hostKeyOf, readKnownHosts } from './host';
import { Connection, type Construct } from './swarm';

export interface DeclareHostProps {
  /** A key of the catalogue's environments. */
  readonly environment: string;
  /** The variables of the shell: VPS_HOST and its like, VPS_KNOWN_HOSTS and HOME for the host's key. */
  readonly shell: Shell;
}

/**
 * The environment's server as a stack of its own, `host` for production and `host-<environment>` otherwise.
 *
 * @returns undefined where the environment says nothing of its host
 */
export function declareHost(
  scope: Construct,
  spec: PlatformSpec,
  { environment: id, shell }: DeclareHostProps,
): HostStack | undefined {
  const environment = new Environment(spec, id, {}, shell);
  if (!environment.host) return undefined;
  const connection = Connection.fromEnvironment(shell, environment.address);
  return new HostStack(scope, environment.hostStackId, {
    spec: environment.host,
    name: environment.name,
    connection,
    hostKey: hostKeyOf(readKnownHosts(shell), connection.host, connection.port),
    publicPorts: Object.values(environment.ports),
    state: environment.spec.state,
  });
}
