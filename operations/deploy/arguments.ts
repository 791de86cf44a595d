import { namesIn } from '../plan/names';

/** The command line of the front door. */
export interface DeployArguments {
  readonly environment: string;
  readonly yes: boolean;
  readonly json: boolean;
  readonly skipPreflight: boolean;
  /** What may have downtime or risk data. */
  readonly acknowledge: readonly string[];
  /** Optional secrets that are in force and are to go. */
  readonly without: readonly string[];
}

/** Called wrongly. Exit code 64. */
export class UsageError extends Error {}

export const USAGE = `usage: npm run deploy -- [options]
Checks, plans, asks, applies and tells the truth about it.
  --environment <name>  of services.config.ts (default: PLATFORM_ENVIRONMENT, then production)
  --yes                 apply without asking
  --json                one JSON object on standard output at the end, everything else on standard error
  --skip-preflight      do not look at the server first
  --acknowledge <name,…>
                        let downtime or data risk of these pass the policy; also ACKNOWLEDGE=<name,…>
  --without <secret,…>  optional secrets that are in force go; else an empty value of them is refused; also
                        WITHOUT=<secret,…>
exit: 0 converged or nothing to do, 2 rolled back, 3 timed out, 4 paused, 5 superseded, 6 unreachable, 1 anything else,
      64 wrong usage
`;

const VALUES = ['--environment', '--without', '--acknowledge'];
const FLAGS = ['--yes', '--json', '--skip-preflight'];

/** @throws {UsageError} */
export function parseArguments(args: readonly string[], env: NodeJS.ProcessEnv): DeployArguments {
  const flags = new Set<string>();
  let environment = env.PLATFORM_ENVIRONMENT || 'production';
  const without: string[] = [];
  const acknowledge: string[] = [];
  const rest = args.flatMap((arg) => {
    const split = /^(--environment|--without|--acknowledge)=(.*)$/s.exec(arg);
    return split ? [split[1] as string, split[2] as string] : [arg];
  });
  for (let i = 0; i < rest.length; i += 1) {
    const arg = rest[i] as string;
    if (FLAGS.includes(arg)) flags.add(arg);
    else if (VALUES.includes(arg)) {
      i += 1;
      const value = rest[i];
      if (!value || value.startsWith('-')) throw new UsageError(`${arg} needs a name\n${USAGE}`);
      if (arg === '--without') without.push(value);
      else if (arg === '--acknowledge') acknowledge.push(value);
      else environment = value;
    } else throw new UsageError(`unknown argument ${arg}\n${USAGE}`);
  }
  if (!/^[A-Za-z0-9_-]+$/.test(environment)) {
    throw new UsageError(`"${environment}" is not the name of an environment\n${USAGE}`);
  }
  return {
    environment,
    yes: flags.has('--yes'),
    json: flags.has('--json'),
    skipPreflight: flags.has('--skip-preflight'),
    without: namesIn(env.WITHOUT, ...without),
    acknowledge: namesIn(env.ACKNOWLEDGE, ...acknowledge),
  };
}
