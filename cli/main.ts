import { EXIT_BROKEN, EXIT_USAGE } from '../contract/outcome';
import type { Shell } from '../contract/shell';
import { broken, catchUnforeseen } from '../operations/terminal/unforeseen';
import { type CatalogueNames, candidates } from './completion/candidates';
import { helpFor, usageOf } from './parse/help';
import { parse } from './parse/parse';
import { verbIn } from './parse/verb-in';
import { WrongUsage } from './parse/wrong-usage';
import { type Call, programOf } from './table/verb';

/** Loads a file of `cli/run/`, in a clone bundled before: only what is run costs its time. */
type Load = (name: string) => Promise<{ run(call: Call): number | Promise<number> }>;
type LoadNames = (name: 'catalogue-names') => Promise<{ names(): CatalogueNames }>;

/** `./proctor …`. Sets the exit code; whatever is still under way ends by itself. */
export async function main(version: string, load: Load & LoadNames): Promise<void> {
  catchUnforeseen();
  const args = process.argv.slice(2);
  if (args[0] === '--version') process.stdout.write(`${version}\n`);
  else process.exitCode = await answer(args, process.env, load);
}

async function answer(args: readonly string[], shell: Shell, load: Load & LoadNames): Promise<number> {
  let typed: string | undefined;
  try {
    if (args[0] === '__complete') return await complete(args.slice(1), load);
    const asked = helpAsked(args);
    if (asked) return help(asked);
    const { verb, values, words } = parse(args);
    typed = verb.name;
    const { run } = await load(programOf(verb.name)).catch(notLoaded);
    return await run({ values, words, shell, projectFolder: process.cwd() });
  } catch (error) {
    return explain(error, typed);
  }
}

/** The words to explain, where only that was asked for. What stands after `--` asks for nothing. */
function helpAsked(args: readonly string[]): readonly string[] | undefined {
  const options = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  if (options.length === 0) return [];
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

/** A program does not load, most often for the catalogue that comes with it. Exit code 1. */
class NotLoaded extends Error {}

function notLoaded(error: Error): never {
  const saidAbove = 'errors' in error;
  throw new NotLoaded(
    saidAbove
      ? 'services.config.ts, or what it imports, cannot be read\n  mend what is said above'
      : error.message,
  );
}

function explain(error: unknown, typed: string | undefined): number {
  if (error instanceof NotLoaded) {
    process.stderr.write(`error: ${error.message}\n`);
    return 1;
  }
  const isUsage = error instanceof Error && error.name === 'UsageError';
  if (!isUsage) {
    process.stderr.write(broken(error));
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
