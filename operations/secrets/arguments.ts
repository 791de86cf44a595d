/** The command line of `npm run secrets`. */
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

/** Called wrongly. Exit code 64. */
export class UsageError extends Error {}

export const USAGE = `usage: npm run secrets -- [options]
Lists the secrets: version, age, the services that use them, what rotating them replaces. No value is shown.
  --environment <name>  of services.config.ts (default: PLATFORM_ENVIRONMENT, then production)
  --json                one JSON object
  --generate <secret>   adds a strong value to .env (.env.<environment> unless it is production), mode 0600
    --replace           where the file has one already; the older one stays in a comment, for the way back
    --print             to standard output instead, and into no file
exit: 0 done, 1 not done, 6 the server cannot be reached, 64 wrong usage
`;

/** @throws {UsageError} */
export function parseArguments(args: readonly string[], env: NodeJS.ProcessEnv): SecretsArguments {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  for (let i = 0; i < args.length; i += 1) {
    const [name = '', inline] = split(args[i] ?? '');
    if (['--json', '--print', '--replace'].includes(name) && inline === undefined) flags.add(name);
    else if (['--environment', '--generate'].includes(name)) {
      const value = inline ?? args[++i];
      if (!value || value.startsWith('-')) throw new UsageError(`${name} needs a name\n${USAGE}`);
      values.set(name, value);
    } else throw new UsageError(`unknown argument ${args[i]}\n${USAGE}`);
  }
  const environment = values.get('--environment') ?? (env.PLATFORM_ENVIRONMENT || 'production');
  if (!/^[A-Za-z0-9_-]+$/.test(environment)) {
    throw new UsageError(`"${environment}" is not the name of an environment\n${USAGE}`);
  }
  const generate = values.get('--generate');
  const [json, print, replace] = ['--json', '--print', '--replace'].map((flag) => flags.has(flag)) as [
    boolean,
    boolean,
    boolean,
  ];
  if (generate === undefined ? print || replace : json || (print && replace)) {
    throw new UsageError(`these arguments do not fit together: ${args.join(' ')}\n${USAGE}`);
  }
  return { environment, json, print, replace, ...(generate === undefined ? {} : { generate }) };
}

function split(arg: string): [string, string?] {
  const at = arg.indexOf('=');
  return arg.startsWith('--') && at > 0 ? [arg.slice(0, at), arg.slice(at + 1)] : [arg];
}
