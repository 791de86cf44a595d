import { UsageError } from '../rollout/planned';
import { findTarget, type Target } from './target';

/** The command line of `status`. */
export interface StatusArguments {
  readonly target: Target;
  readonly stack: string;
  /** Where TLS is looked at. */
  readonly https: { readonly host: string; readonly port: number; readonly serverName?: string };
  readonly watch: boolean;
  readonly json: boolean;
}

export const USAGE = `usage: status [options]
The platform at a glance: services, certificate, nodes, disk.
  --host <host>         ssh://user@server:22 or unix:///path
                        (default: DOCKER_HOST, then VPS_HOST, VPS_USER, VPS_PORT, then /var/run/docker.sock)
  --ssh-option <arg>    one argument for ssh, repeatable: --ssh-option=-i --ssh-option=key
  --stack <name>        default: the platform of PLATFORM_ENVIRONMENT, in services.config.ts
  --https-host <host>   where the certificate is served (default: the server of --host, then VPS_HOST, then DOCKER_HOST's)
  --https-port <port>   default: 443
  --server-name <name>  the name to ask the certificate for (default: the host, if it is a name)
  --watch               look again every 2 s, until Ctrl-C
  --json                one JSON object for each look
exit: 0 all services healthy, 1 not all, or the last rollout of one failed, 6 unreachable, 64 wrong usage
`;

const VALUED = ['--host', '--ssh-option', '--stack', '--https-host', '--https-port', '--server-name'];

/** @throws {UsageError} */
export function parseArguments(args: readonly string[], env: NodeJS.ProcessEnv): StatusArguments {
  const sshOptions: string[] = [];
  const values: Record<string, string> = {};
  const flags = new Set<string>();
  const rest = args.flatMap((arg) => {
    const split = /^(--[a-z-]+)=(.*)$/s.exec(arg);
    return split ? [split[1] as string, split[2] as string] : [arg];
  });
  for (let i = 0; i < rest.length; i += 1) {
    const arg = rest[i] as string;
    if (arg === '--watch' || arg === '--json') flags.add(arg);
    else if (VALUED.includes(arg)) {
      i += 1;
      const value = rest[i];
      if (!value) throw new UsageError(`${arg} needs a value\n${USAGE}`);
      if (arg === '--ssh-option') sshOptions.push(value);
      else values[arg] = value;
    } else throw new UsageError(`unknown argument ${arg}\n${USAGE}`);
  }
  const target = findTarget(values['--host'], sshOptions, env);
  return {
    target,
    stack: values['--stack'] ?? 'proctorwise',
    https: {
      host: values['--https-host'] ?? target.publicHost,
      port: port(values['--https-port'] ?? '443'),
      ...(values['--server-name'] ? { serverName: values['--server-name'] } : {}),
    },
    watch: flags.has('--watch'),
    json: flags.has('--json'),
  };
}

function port(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= 65535) return number;
  throw new UsageError(`--https-port ${text} is not a port\nwrite a number from 1 to 65535`);
}
