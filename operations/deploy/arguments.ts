import type { Shell } from '../../contract/shell';
import { namesIn } from '../policy/names';
import { environmentOf, readArguments } from '../terminal/command-line';

/** The command line of a deploy. */
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

export const USAGE = `usage: ./proctor deploy [options]
Checks, plans, asks, applies and tells the truth about it.
  --environment <name>  of services.config.ts (default: PLATFORM_ENVIRONMENT, then production)
  --yes                 apply without asking
  --json                one JSON object on standard output at the end, everything else on standard error
  --skip-preflight      do not look at the server first
  --acknowledge <name,…>
                        let downtime or data risk of these pass the policy; also ACKNOWLEDGE=<name,…>
  --without <secret,…>  optional secrets that are in force go; else an empty value of them is refused; also
                        WITHOUT=<secret,…>
exit: 0 converged or nothing to do, 2 rolled back, 3 timed out, 4 paused, 5 superseded, 6 unreachable, 7 nothing to
      do, but a service is not well, 1 anything else, 64 wrong usage
`;

const OPTIONS = {
  environment: { type: 'string' },
  yes: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  'skip-preflight': { type: 'boolean', default: false },
  acknowledge: { type: 'string', multiple: true },
  without: { type: 'string', multiple: true },
} as const;

/** @throws {UsageError} */
export function parseArguments(args: readonly string[], env: Shell): DeployArguments {
  const { values } = readArguments(args, OPTIONS, USAGE);
  return {
    environment: environmentOf(values.environment, env, USAGE),
    yes: values.yes,
    json: values.json,
    skipPreflight: values['skip-preflight'],
    without: namesIn(env.WITHOUT, ...(values.without ?? [])),
    acknowledge: namesIn(env.ACKNOWLEDGE, ...(values.acknowledge ?? [])),
  };
}
