import { UsageError } from '../deploy/arguments';

/** The environment that a program is about, and its flags. @throws {UsageError} */
export function parseArguments(
  args: readonly string[],
  shell: Readonly<Record<string, string | undefined>>,
  usage: string,
  flags: readonly string[] = [],
): { readonly environment: string; readonly flags: ReadonlySet<string> } {
  const given = new Set<string>();
  let environment = shell.PLATFORM_ENVIRONMENT || 'production';
  const words = args.flatMap((arg) => arg.replace(/^--environment=/, '--environment\0').split('\0'));
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as string;
    if (flags.includes(word)) given.add(word);
    else if (word === '--environment') environment = words[++at] ?? '';
    else throw new UsageError(`unknown argument ${word}\n${usage}`);
  }
  if (!/^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(environment)) {
    throw new UsageError(`"${environment}" is not the name of an environment\n${usage}`);
  }
  return { environment, flags: given };
}
