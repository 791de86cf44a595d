import { UsageError } from '../rollout/planned';
import { findTarget, type Target } from '../status/target';

export interface EmergencyArguments {
  readonly target: Target;
  readonly stack: string;
  readonly services: readonly string[];
  /** Otherwise it only shows what would come back. */
  readonly yes: boolean;
}

export const USAGE = `usage: npm run rollback -- [options] SERVICE …
\`docker service rollback\` for chosen services, each looked at before and judged after. For emergencies: it is drift,
the next deploy rolls forward again. To go back for good, deploy the older commit.
  --yes                do it; without it, only show what would come back
  --stack <name>       default: the platform of PLATFORM_ENVIRONMENT, in services.config.ts
  --host, --ssh-option the server (default: DOCKER_HOST, then VPS_HOST, VPS_USER, VPS_PORT, VPS_SSH_CONFIG)
exit: 0 all run as before, or shown; 2 to 5 the worst outcome; 6 unreachable; 1 refused, nothing was touched; 64 wrong usage
`;

/** Services may also be given in one word, separated by spaces or commas, as an input of a workflow is. @throws {UsageError} */
export function parseArguments(args: readonly string[], env: NodeJS.ProcessEnv): EmergencyArguments {
  const values: Record<string, string> = {};
  const sshOptions: string[] = [];
  const names: string[] = [];
  let yes = false;
  const rest = args.flatMap((arg) => {
    const split = /^(--[a-z-]+)=(.*)$/s.exec(arg);
    return split ? [split[1] as string, split[2] as string] : [arg];
  });
  for (let at = 0; at < rest.length; at += 1) {
    const arg = rest[at] as string;
    if (arg === '--yes') yes = true;
    else if (['--stack', '--host', '--ssh-option'].includes(arg)) {
      at += 1;
      const value = rest[at];
      if (!value) throw new UsageError(`${arg} needs a value\n${USAGE}`);
      if (arg === '--ssh-option') sshOptions.push(value);
      else values[arg] = value;
    } else if (arg.startsWith('-')) throw new UsageError(`unknown option ${arg}\n${USAGE}`);
    else names.push(...arg.split(/[\s,]+/).filter((word) => word !== ''));
  }
  const strange = names.find((name) => !/^[a-z0-9][a-z0-9_-]{0,62}$/i.test(name));
  if (strange !== undefined)
    throw new UsageError(`${JSON.stringify(strange)} is not the name of a service\n${USAGE}`);
  if (names.length === 0) throw new UsageError(`which services?\n${USAGE}`);
  return {
    target: findTarget(values['--host'], sshOptions, env),
    stack: values['--stack'] ?? 'proctorwise',
    services: names,
    yes,
  };
}
