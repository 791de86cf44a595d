import type { Shell } from '../../contract/shell';
import { environmentOf, readArguments, UsageError } from '../terminal/command-line';

/** The command line of `./proctor secrets`. */
export interface SecretsArguments {
  readonly environment: string;
  readonly json: boolean;
  /** The secret that gets a new value; a list otherwise. */
  readonly generate?: string;
  /** The value goes to standard output and nowhere else. */
  readonly print: boolean;
  /** A value that the `.env` file has already is replaced, and kept there in a comment. */
  readonly replace: boolean;
}

export const USAGE = `usage: ./proctor secrets [options]
Lists the secrets: version, age, the services that use them, what rotating them replaces. No value is shown.
  --environment <name>  of services.config.ts (default: PLATFORM_ENVIRONMENT, then production)
  --json                one JSON object
  --generate <secret>   adds a strong value to .env (.env.<environment> unless it is production), mode 0600
    --replace           where the file has one already; the older one stays in a comment, for the way back
    --print             to standard output instead, and into no file
exit: 0 done, 1 not done, 6 the server cannot be reached, 64 wrong usage
`;

const OPTIONS = {
  environment: { type: 'string' },
  json: { type: 'boolean', default: false },
  generate: { type: 'string' },
  print: { type: 'boolean', default: false },
  replace: { type: 'boolean', default: false },
} as const;

/** @throws {UsageError} */
export function parseArguments(args: readonly string[], env: Shell): SecretsArguments {
  const { values } = readArguments(args, OPTIONS, USAGE);
  const { generate, json, print, replace } = values;
  const environment = environmentOf(values.environment, env, USAGE);
  if (generate === undefined ? print || replace : json || (print && replace)) {
    throw new UsageError(`these arguments do not fit together: ${args.join(' ')}\n${USAGE}`);
  }
  return { environment, json, print, replace, ...(generate === undefined ? {} : { generate }) };
}
