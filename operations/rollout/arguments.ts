import type { Shell } from '../../contract/shell';
import { findTarget, TARGET_OPTIONS } from '../docker/target';
import { readArguments, UsageError } from '../terminal/command-line';

/** The command line of the gate run alone. */
export interface CliArguments {
  readonly host: string;
  readonly sshOptions: readonly string[];
  readonly json: boolean;
  readonly rollBack: boolean;
  readonly deadlineSeconds?: number;
  readonly observeSeconds?: number;
  readonly names: readonly string[];
}

export const USAGE = `usage: ./proctor rollout [options] <stack or service>…
Waits until Swarm runs what its services say, and tells the truth about it.
  --host <host>        ssh://user@server:22 or unix:///path (default: DOCKER_HOST, then VPS_HOST, VPS_USER, VPS_PORT, then /var/run/docker.sock)
  --ssh-option <arg>   one argument for ssh, repeatable: --ssh-option=-i --ssh-option=key
  --deadline <time>    give up after, such as 120s or 5m (default: derived from each service)
  --observe <time>     watch new tasks for (default: monitor, at least 30s)
  --rollback           put a service back that crashes while it is watched (default: only tell)
  --json               one JSON object for each service
exit: 0 converged, 2 rolled back, 3 timed out, 4 paused, 5 superseded, 6 unreachable, 64 wrong usage
`;

const OPTIONS = {
  ...TARGET_OPTIONS,
  deadline: { type: 'string' },
  observe: { type: 'string' },
  rollback: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

/** @throws {UsageError} */
export function parseArguments(args: readonly string[], env: Shell): CliArguments {
  const { values, positionals: names } = readArguments(args, OPTIONS, USAGE, { positionals: true });
  if (names.length === 0) throw new UsageError(`which stack or service?\n${USAGE}`);
  const { publicHost: _, ...target } = findTarget(values.host, values['ssh-option'] ?? [], env);
  return {
    ...target,
    json: values.json,
    rollBack: values.rollback,
    names,
    ...(values.deadline ? { deadlineSeconds: seconds(values.deadline, '--deadline') } : {}),
    ...(values.observe ? { observeSeconds: seconds(values.observe, '--observe') } : {}),
  };
}

function seconds(text: string, option: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(s|m|h)?$/.exec(text) ?? [];
  if (amount === undefined) throw new UsageError(`${option} ${text} is not a time\nwrite 90s, 5m or 1h`);
  return Number(amount) * { s: 1, m: 60, h: 3600 }[(unit ?? 's') as 's' | 'm' | 'h'];
}
