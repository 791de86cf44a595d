/** Where a Docker daemon is, read from the notation that `DOCKER_HOST` uses. */
export type DockerHost =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'ssh'; readonly host: string; readonly user?: string; readonly port?: number };

/**
 * Reads `ssh://[user@]host[:port]` or `unix:///path/to/docker.sock`.
 *
 * @throws for anything else: an unencrypted tcp socket gives root to whoever reaches it
 */
export function parseDockerHost(text: string): DockerHost {
  if (text.startsWith('unix://') && text.length > 'unix://'.length) {
    return { kind: 'unix', path: text.slice('unix://'.length) };
  }
  if (text.startsWith('ssh://')) {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url?.hostname && !url.password && (url.pathname === '' || url.pathname === '/')) {
      return {
        kind: 'ssh',
        host: url.hostname.replace(/^\[|\]$/g, ''),
        ...(url.username ? { user: decodeURIComponent(url.username) } : {}),
        ...(url.port ? { port: Number(url.port) } : {}),
      };
    }
  }
  throw new Error(
    `cannot use the Docker host "${text.replace(/:[^/@]*@/, ':…@')}"\n` +
      'write ssh://user@server:22 or unix:///var/run/docker.sock (a password is never part of it; ssh uses keys)',
  );
}

/**
 * The arguments with which the system's ssh gets to a server, the same as the Terraform provider's, then what keeps an
 * unattended run from hanging. ssh takes the first value it is given for an option, so the caller's own come first.
 *
 * @param fresh a connection of its own, past a shared one (ControlMaster) that may be dead
 */
export function loginArguments(
  target: DockerHost & { kind: 'ssh' },
  sshOptions: readonly string[],
  fresh = false,
): string[] {
  return [
    // Whoever is root on the server could log in elsewhere with an agent that goes along.
    ...['-o', 'ForwardAgent=no'],
    ...(fresh ? ['-o', 'ControlPath=none'] : []),
    ...sshOptions,
    ...['-o', 'ConnectTimeout=10', '-o', 'BatchMode=yes'],
    ...['-o', 'ServerAliveInterval=5', '-o', 'ServerAliveCountMax=3', '-T'],
    ...(target.user === undefined ? [] : ['-l', target.user]),
    ...(target.port === undefined ? [] : ['-p', String(target.port)]),
    ...['--', target.host],
  ];
}

/** The same, and on to Docker's API there. */
export const sshArguments = (...login: Parameters<typeof loginArguments>): string[] => [
  ...loginArguments(...login),
  ...['docker', 'system', 'dial-stdio'],
];
