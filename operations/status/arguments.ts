import type { Shell } from '../../contract/shell';
import { findTarget, TARGET_OPTIONS, type Target } from '../docker/target';
import type { DeclaredNames } from '../stack/strangers';
import { readArguments, UsageError } from '../terminal/command-line';

/** The command line of `status`. */
export interface StatusArguments {
  readonly target: Target;
  readonly stack: string;
  /** Where TLS is looked at. */
  readonly https: { readonly host: string; readonly port: number; readonly serverName?: string };
  /** What is not of these is told. Undefined where the catalogue could not be read, or is of another stack. */
  readonly declared: DeclaredNames | undefined;
  readonly watch: boolean;
  readonly json: boolean;
}

export const USAGE = `usage: ./proctor status [options]
The platform at a glance: services, certificate, nodes, disk.
  --host <host>         ssh://user@server:22 or unix:///path
                        (default: DOCKER_HOST, then VPS_HOST, VPS_USER, VPS_PORT, then /var/run/docker.sock)
  --ssh-option <arg>    one argument for ssh, repeatable: --ssh-option=-i --ssh-option=key
  --stack <name>        default: the platform of PLATFORM_ENVIRONMENT, in services.config.ts
  --https-host <host>   where the certificate is served
                        (default: the server of --host, then VPS_PUBLIC_HOST, VPS_HOST, then DOCKER_HOST's)
  --https-port <port>   default: of PLATFORM_ENVIRONMENT, in services.config.ts
  --server-name <name>  the name to ask the certificate for (default: as the port)
  --declared <json>     what the catalogue declares; what else carries the stack's name is told (default: as the port)
  --watch               look again every 2 s, until Ctrl-C
  --json                one JSON object for each look
exit: 0 all services healthy, 1 not all, or the last rollout of one failed, 6 unreachable, 64 wrong usage
`;

const OPTIONS = {
  ...TARGET_OPTIONS,
  stack: { type: 'string', default: 'proctorwise' },
  'https-host': { type: 'string' },
  'https-port': { type: 'string', default: '443' },
  'server-name': { type: 'string' },
  declared: { type: 'string' },
  watch: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

/** @throws {UsageError} */
export function parseArguments(args: readonly string[], env: Shell): StatusArguments {
  const { values } = readArguments(args, OPTIONS, USAGE);
  const target = findTarget(values.host, values['ssh-option'] ?? [], env);
  const serverName = values['server-name'];
  return {
    target,
    stack: values.stack,
    https: {
      host: values['https-host'] ?? target.publicHost,
      port: port(values['https-port']),
      ...(serverName ? { serverName } : {}),
    },
    declared: declaredFor(values.stack, values.declared),
    watch: values.watch,
    json: values.json,
  };
}

function port(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= 65535) return number;
  throw new UsageError(`--https-port ${text} is not a port\nwrite a number from 1 to 65535`);
}

function declaredFor(stack: string, json: string | undefined): DeclaredNames | undefined {
  const declared = json === undefined ? undefined : (JSON.parse(json) as DeclaredNames);
  return declared?.namespace === stack ? declared : undefined;
}
