import type { Shell } from '../../contract/shell';
import { namesIn } from '../policy/names';
import { environmentOf, readArguments } from '../terminal/command-line';

/** The command line of `./proctor plan`. */
export interface PlanArguments {
  readonly environment: string;
  readonly json: boolean;
  /** A file for the comment of a pull request. */
  readonly markdown?: string;
  readonly acknowledge: readonly string[];
  /** Fail when the policy would stop a deploy of this plan. */
  readonly gate: boolean;
}

export const USAGE = `usage: ./proctor plan [options]
What a deploy would do, in the words of Swarm. Changes nothing, neither on the server nor in the state.
  --environment <name>        of services.config.ts (default: PLATFORM_ENVIRONMENT, then production)
  --acknowledge <name,…>      let downtime or data risk of these pass the policy; also ACKNOWLEDGE=<name,…>
  --gate                      exit with 1 when the policy stops this plan
  --markdown <file>           write it as a comment for a pull request, below GitHub's limit
  --json                      one JSON object on standard output, everything else on standard error
exit: 0 nothing to do, 2 changes, 3 changes with downtime or data risk, 1 error, 64 wrong usage
`;

const OPTIONS = {
  environment: { type: 'string' },
  json: { type: 'boolean', default: false },
  gate: { type: 'boolean', default: false },
  markdown: { type: 'string' },
  acknowledge: { type: 'string', multiple: true },
} as const;

/** @throws {UsageError} */
export function parsePlanArguments(args: readonly string[], env: Shell): PlanArguments {
  const { values } = readArguments(args, OPTIONS, USAGE);
  return {
    environment: environmentOf(values.environment, env, USAGE),
    json: values.json,
    gate: values.gate,
    ...(values.markdown ? { markdown: values.markdown } : {}),
    acknowledge: namesIn(env.ACKNOWLEDGE, ...(values.acknowledge ?? [])),
  };
}
