import type { Shell } from '../../contract/shell';
import { type DockerHost, parseDockerHost } from '../../operations/docker/host';
import { UsageError } from '../../operations/terminal/usage-error';

const HOST_HINT = 'name the server that is meant with --host, or unset DOCKER_HOST';

/**
 * Who types an environment means its server. A `DOCKER_HOST` that the shell still has of another one would win without a word.
 * A socket has no name to compare, and a port that is not written is the ssh configuration's business.
 *
 * @param own where the environment is deployed to; undefined where nobody says it
 * @param hint what to do @default for a command with `--host`
 * @throws {UsageError} where both are known, and are not the same
 */
export function refuseAnother(
  environment: string,
  { DOCKER_HOST }: Shell,
  own: string | undefined,
  hint = HOST_HINT,
): void {
  const [there, meant] = [sshHost(DOCKER_HOST), sshHost(own)];
  if (!there || !meant) return;
  const isSame = nameOf(there) === nameOf(meant) && [undefined, meant.port].includes(there.port);
  if (isSame) return;
  throw new UsageError(
    `DOCKER_HOST is ${DOCKER_HOST}, and the environment "${environment}" is deployed to ${own}\n${hint}`,
  );
}

type SshHost = DockerHost & { readonly kind: 'ssh' };

/** Whatever else it is somebody else refuses. */
function sshHost(text: string | undefined): SshHost | undefined {
  try {
    const host = parseDockerHost(text ?? '');
    return host.kind === 'ssh' ? host : undefined;
  } catch {
    return undefined;
  }
}

const nameOf = ({ host }: SshHost): string => host.toLowerCase();
