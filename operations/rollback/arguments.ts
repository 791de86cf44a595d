import type { Shell } from '../../contract/shell';
import { findTarget, TARGET_OPTIONS, type Target } from '../docker/target';
import { readArguments, UsageError } from '../terminal/command-line';

export interface EmergencyArguments {
  readonly target: Target;
  readonly stack: string;
  readonly services: readonly string[];
  /** Otherwise it only shows what would come back. */
  readonly yes: boolean;
}

export const USAGE = `usage: ./proctor rollback [options] SERVICE …
\`docker service rollback\` for chosen services, each looked at before and judged after. For emergencies: it is drift,
the next deploy rolls forward again. To go back for good, deploy the older commit.
  --yes                do it; without it, only show what would come back
  --stack <name>       default: the platform of PLATFORM_ENVIRONMENT, in services.config.ts
  --host, --ssh-option=<arg>
                       the server (default: DOCKER_HOST, then VPS_HOST, VPS_USER, VPS_PORT, VPS_SSH_CONFIG)
exit: 0 all run as before, or shown; 2 to 5 the worst outcome; 6 unreachable; 1 refused: nothing was touched, or Docker
      did not put one back, which is said for each; 64 wrong usage
`;

const OPTIONS = {
  yes: { type: 'boolean', default: false },
  stack: { type: 'string', default: 'proctorwise' },
  ...TARGET_OPTIONS,
} as const;

/** Services may also be given in one word, separated by spaces or commas, as an input of a workflow is. @throws {UsageError} */
export function parseArguments(args: readonly string[], env: Shell): EmergencyArguments {
  const { values, positionals } = readArguments(args, OPTIONS, USAGE, { positionals: true });
  const services = positionals.flatMap((word) => word.split(/[\s,]+/)).filter((word) => word !== '');
  const strange = services.find((name) => !/^[a-z0-9][a-z0-9_-]{0,62}$/i.test(name));
  if (strange !== undefined)
    throw new UsageError(`${JSON.stringify(strange)} is not the name of a service\n${USAGE}`);
  if (services.length === 0) throw new UsageError(`which services?\n${USAGE}`);
  const target = findTarget(values.host, values['ssh-option'] ?? [], env);
  return { target, stack: values.stack, services, yes: values.yes };
}
