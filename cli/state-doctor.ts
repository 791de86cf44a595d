import type { Shell } from '../contract/shell';
import { addEnvFile } from '../operations/inputs/sources';
import { backendInWords, backendOf } from '../operations/state/backend';
import { examine } from '../operations/state/doctor';
import { answerHelp, environmentOf, readArguments, UsageError } from '../operations/terminal/command-line';
import { Console } from '../operations/terminal/console';
import { buildPlatform } from './platform';

const USAGE = `usage: ./proctor state doctor [--environment <name>]
Tries where the state is kept: that a second writer is refused, that older states are kept, that it is encrypted.
What it makes for that it removes again.
exit: 0 as it should be (warnings included), 1 not so, 64 wrong usage
`;

/** `./proctor state doctor [--environment staging]`: proves the backend that the catalogue chooses. */
async function main(args: readonly string[], shell: Shell): Promise<number> {
  if (answerHelp(args, USAGE)) return 0;
  const { values } = readArguments(args, { environment: { type: 'string' } }, USAGE);
  const environment = environmentOf(values.environment, shell, USAGE);
  const console = new Console(false, shell);
  try {
    const platform = buildPlatform(environment, shell);
    const backend = backendOf(platform.toTerraform());
    console.part(`state of ${platform.node.id}: ${backendInWords(backend)}`);
    const local = addEnvFile(shell, process.cwd(), environment);
    const { disposable, host, hostStackId } = platform.environment;
    const besides = host ? [hostStackId] : [];
    const findings = await examine(backend, disposable, local.shell, besides);
    for (const finding of findings) console.finding(finding);
    console.endPart();
    return findings.some(({ level }) => level === 'failure') ? 1 : 0;
  } catch (error) {
    console.fault((error as Error).message);
    return 1;
  }
}

main(process.argv.slice(2), process.env).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(error.message);
    process.exitCode = 64;
  },
);
