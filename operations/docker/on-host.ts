import { execFile } from 'node:child_process';
import { loginArguments, parseDockerHost } from './host';

const TIMEOUT_MS = 15_000;

/**
 * What a command prints on the server, over the same ssh as all else.
 *
 * @returns nothing where the command fails, or the login allows no command but Docker's
 */
export function readOnHost(
  { host, sshOptions }: { readonly host: string; readonly sshOptions: readonly string[] },
  command: readonly [string, ...string[]],
): Promise<string> {
  const target = parseDockerHost(host);
  const [program, args] =
    target.kind === 'unix'
      ? [command[0], command.slice(1)]
      : ['ssh', [...loginArguments(target, sshOptions), ...command.map(quoted)]];
  return new Promise((resolve) => {
    execFile(program, args, { timeout: TIMEOUT_MS, env: process.env }, (error, stdout) =>
      resolve(error ? '' : stdout),
    );
  });
}

/** Between two files; in none that anybody would read. */
const BETWEEN = '\x1e';
const CAT = `for f; do cat -- "$f" 2>/dev/null; printf '\\036'; done`;

/** What files of the server say, by one command for all; nothing of one that may not be read. */
export async function readFilesOnHost(
  host: Parameters<typeof readOnHost>[0],
  files: readonly string[],
): Promise<string[]> {
  const texts = (await readOnHost(host, ['sh', '-c', CAT, 'sh', ...files])).split(BETWEEN);
  return files.map((_, index) => texts[index] ?? '');
}

const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
