import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Shell } from '../../contract/shell';

/** Called wrongly. Exit code 64. */
export class UsageError extends Error {}

type Options = NonNullable<ParseArgsConfig['options']>;
type Read<T extends Options> = ReturnType<
  typeof parseArgs<{ options: T; allowPositionals: true; strict: true; args: string[] }>
>;

/**
 * A command line as Node's own parser reads it: `--name value` or `--name=value`. A value that begins with `-` needs the
 * equals sign.
 *
 * @throws {UsageError} what is wrong, and the usage below it
 */
export function readArguments<const T extends Options>(
  args: readonly string[],
  options: T,
  usage: string,
  { positionals = false }: { readonly positionals?: boolean } = {},
): Read<T> {
  const read = ((): Read<T> => {
    try {
      const config = { options, allowPositionals: true, strict: true, args: [...args] } as const;
      return parseArgs({ ...config, allowPositionals: positionals as true });
    } catch (error) {
      // The first sentence says what is wrong, the others are about Node.
      const [wrong = ''] = (error as Error).message.split(/\.\s/);
      const way = wrong.endsWith('is ambiguous')
        ? '\na value that begins with - needs =, as --name=-value'
        : '';
      throw new UsageError(`${wrong}${way}\n${usage}`);
    }
  })();
  for (const [name, value] of Object.entries(read.values)) {
    if ([value].flat().includes('')) throw new UsageError(`--${name} has no value\n${usage}`);
  }
  return read;
}

/** Prints the usage where only that was asked for, and says so. What stands after `--` asks for nothing. */
export function answerHelp(
  args: readonly string[],
  usage: string,
  print: (text: string) => void = (text) => process.stdout.write(text),
): boolean {
  const options = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  if (!options.includes('--help')) return false;
  print(usage);
  return true;
}

/** The environment of services.config.ts that is meant. @throws {UsageError} for what cannot be the name of one */
export function environmentOf(given: string | undefined, shell: Shell, usage: string): string {
  const name = given ?? (shell.PLATFORM_ENVIRONMENT || 'production');
  if (/^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(name)) return name;
  throw new UsageError(`"${name}" is not the name of an environment\n${usage}`);
}
