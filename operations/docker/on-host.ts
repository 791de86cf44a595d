import { execFile } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { explain } from './explain';
import { loginArguments, parseDockerHost } from './host';
import { waitBeforeAgain } from './reach/again';
import { findWords } from './reach/words';
import { CarrierEnded } from './stdio-socket';

const TIMEOUT_MS = 15_000;
const SSH_FAILED = 255;

/**
 * What a command prints on the server, over the same ssh as all else.
 *
 * @returns nothing where the command fails, or the login allows no command but Docker's
 * @throws ConnectionError where the command never got there, which says nothing of what it would have printed
 */
export async function readOnHost(
  { host, sshOptions }: { readonly host: string; readonly sshOptions: readonly string[] },
  [program, ...args]: readonly [string, ...string[]],
): Promise<string> {
  const target = parseDockerHost(host);
  if (target.kind === 'unix') return (await run(program, args)).stdout;
  const login = [...loginArguments(target, sshOptions), ...[program, ...args].map(quoted)];
  for (let tries = 0; ; tries += 1) {
    const { code, stdout, stderr } = await run('ssh', login);
    // A command of the server may end with this, too.
    if (code !== SSH_FAILED || !findWords(stderr, host)) return stdout;
    const wait = waitBeforeAgain(stderr, tries);
    if (wait === undefined) throw explain(new CarrierEnded(code, stderr), host);
    await setTimeout(wait);
  }
}

/** Output only of what ended well. */
function run(
  program: string,
  args: readonly string[],
): Promise<{ readonly code: unknown; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve) => {
    const options = { timeout: TIMEOUT_MS, env: process.env };
    const child = execFile(program, args, options, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout: error ? '' : stdout, stderr }),
    );
    // A login that leads to Docker whatever is asked, would wait for it.
    child.stdin?.on('error', () => {}).end();
  });
}

/** Between two files; in none that anybody would read. */
const BETWEEN = '\x1e';
const CAT = `for f; do cat -- "$f" 2>/dev/null; printf '\\036'; done`;

/** What files of the server say, by one command for all; nothing of one that may not be read. @throws as `readOnHost` */
export async function readFilesOnHost(
  host: Parameters<typeof readOnHost>[0],
  files: readonly string[],
): Promise<string[]> {
  const texts = (await readOnHost(host, ['sh', '-c', CAT, 'sh', ...files])).split(BETWEEN);
  return files.map((_, index) => texts[index] ?? '');
}

const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
