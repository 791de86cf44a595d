import { UsageError } from '../deploy/arguments';
import { namesIn } from './names';

/** The command line of `npm run plan`. */
export interface PlanArguments {
  readonly environment: string;
  readonly json: boolean;
  /** A file for the comment of a pull request. */
  readonly markdown?: string;
  readonly acknowledge: readonly string[];
  /** Fail when the policy would stop a deploy of this plan. */
  readonly gate: boolean;
}

export const USAGE = `usage: npm run plan -- [options]
What a deploy would do, in the words of Swarm. Changes nothing, neither on the server nor in the state.
  --environment <name>        of services.config.ts (default: PLATFORM_ENVIRONMENT, then production)
  --acknowledge <name,…>      let downtime or data risk of these pass the policy; also ACKNOWLEDGE=<name,…>
  --gate                      exit with 1 when the policy stops this plan
  --markdown <file>           write it as a comment for a pull request, below GitHub's limit
  --json                      one JSON object on standard output, everything else on standard error
exit: 0 nothing to do, 2 changes, 3 changes with downtime or data risk, 1 error, 64 wrong usage
`;

const FLAGS = ['--json', '--gate'];
const VALUES = ['--environment', '--acknowledge', '--markdown'];

/** @throws {UsageError} */
export function parsePlanArguments(args: readonly string[], env: NodeJS.ProcessEnv): PlanArguments {
  const flags = new Set<string>();
  const values = new Map<string, string[]>();
  const rest = args.flatMap((arg) => {
    const split = /^(--[a-z]+)=(.*)$/s.exec(arg);
    return split && VALUES.includes(split[1]!) ? [split[1]!, split[2]!] : [arg];
  });
  for (let i = 0; i < rest.length; i += 1) {
    const arg = rest[i]!;
    if (FLAGS.includes(arg)) flags.add(arg);
    else if (VALUES.includes(arg)) {
      i += 1;
      const value = rest[i];
      if (!value || value.startsWith('-')) throw new UsageError(`${arg} needs a value\n${USAGE}`);
      values.set(arg, [...(values.get(arg) ?? []), value]);
    } else throw new UsageError(`unknown argument ${arg}\n${USAGE}`);
  }
  const environment = values.get('--environment')?.at(-1) ?? (env.PLATFORM_ENVIRONMENT || 'production');
  if (!/^[A-Za-z0-9_-]+$/.test(environment)) {
    throw new UsageError(`"${environment}" is not the name of an environment\n${USAGE}`);
  }
  const markdown = values.get('--markdown')?.at(-1);
  return {
    environment,
    json: flags.has('--json'),
    gate: flags.has('--gate'),
    ...(markdown ? { markdown } : {}),
    acknowledge: namesIn(env.ACKNOWLEDGE, ...(values.get('--acknowledge') ?? [])),
  };
}
