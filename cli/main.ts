import type { Shell } from '../contract/shell';
import { version } from '../package.json';
import { type CatalogueNames, candidates } from './completion/candidates';
import { helpFor, usageOf } from './parse/help';
import { parse, verbIn } from './parse/parse';
import { WrongUsage } from './parse/wrong-usage';
import { EXIT_BROKEN, EXIT_USAGE } from './table/exit-codes';
import { type Call, programOf } from './table/verb';

/** Bundles a file of `cli/run/` and loads it: only what is run costs its time. */
type Load = (name: string) => Promise<{ run(call: Call): number | Promise<number> }>;
type LoadNames = (name: 'catalogue-names') => Promise<{ names(): CatalogueNames }>;

/** `./proctor …`. Sets the exit code; whatever is still under way ends by itself. */
export async function main(load: Load & LoadNames): Promise<void> {
  process.exitCode = await answer(process.argv.slice(2), process.env, load);
}

async function answer(args: readonly string[], shell: Shell, load: Load & LoadNames): Promise<number> {
  let typed: string | undefined;
  try {
    if (args[0] === '__complete') return await complete(args.slice(1), load);
    const asked = helpAsked(args);
    if (asked) return help(asked);
    if (args[0] === '--version') return print(`${version}\n`);
    if (args.length === 0) {
      process.stderr.write(helpFor([]) ?? '');
      return EXIT_USAGE;
    }
    const { verb, values, words } = parse(args);
    typed = verb.name;
    const { run } = await load(programOf(verb.name));
    return await run({ values, words, shell, projectFolder: process.cwd() });
  } catch (error) {
    return explain(error, typed);
  }
}

/** The words to explain, where only that was asked for. What stands after `--` asks for nothing. */
function helpAsked(args: readonly string[]): readonly string[] | undefined {
  const options = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  if (options[0] === 'help') return options.slice(1);
  if (!options.some((arg) => arg === '--help' || arg === '-h')) return undefined;
  return options.filter((arg) => !arg.startsWith('-')).slice(0, verbIn(options).length);
}

function help(words: readonly string[]): number {
  const text = helpFor(words);
  if (text !== undefined) return print(text);
  // It says what was meant.
  parse(words);
  return EXIT_USAGE;
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

/** Silent, whatever is wrong: a person is at the keyboard. */
async function complete(words: readonly string[], load: LoadNames): Promise<number> {
  const names = async () => (await load('catalogue-names')).names();
  const found = await candidates(words, names).catch(() => []);
  return print(found.map((word) => `${word}\n`).join(''));
}

function explain(error: unknown, typed: string | undefined): number {
  const isUsage = error instanceof Error && error.name === 'UsageError';
  if (!isUsage) {
    process.stderr.write(`proctor itself failed: ${error instanceof Error ? error.stack : String(error)}\n`);
    return EXIT_BROKEN;
  }
  process.stderr.write(`error: ${error.message.replaceAll('\n', '\n  ')}\n`);
  const name = error instanceof WrongUsage ? error.of : typed;
  if (name) {
    const { verb } = verbIn(name.split(' '));
    if (verb) process.stderr.write(`${usageOf(verb)}\n`);
  }
  return EXIT_USAGE;
}
