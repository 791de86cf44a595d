import { Command, CommanderError } from 'commander';
import type { Call, Verb } from '../table/verb';
import { DEFAULTS, VERBS } from '../verbs';
import { inTwoLines } from './in-two-lines';
import { verbIn } from './verb-in';
import { WrongUsage } from './wrong-usage';

/** A verb, and what was typed for it. */
export interface Parsed {
  readonly verb: Verb;
  readonly values: Call['values'];
  readonly words: readonly string[];
}

/** @throws {WrongUsage} */
export function parse(args: readonly string[]): Parsed {
  let found: Parsed | undefined;
  const program = commandOf('proctor');
  // A second word that is no verb is a misspelt one.
  const isAlone = args[1] === undefined || args[1].startsWith('-');
  for (const verb of VERBS) {
    const [first = '', second] = verb.name.split(' ');
    const parent = second === undefined ? program : groupOf(program, first);
    const command = commandFor(verb, second ?? first, (parsed) => {
      found = parsed;
    });
    parent.addCommand(command, { isDefault: isAlone && DEFAULTS[first] === verb.name });
  }
  const { verb } = verbIn(args);
  if (verb) refuseLostValues(verb, args);
  try {
    program.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    throw inTwoLines(error, args);
  }
  if (!found) throw new Error(`nothing was parsed of ${args.join(' ')}`);
  for (const [name, value] of Object.entries(found.values)) {
    if ([value].flat().includes(''))
      throw new WrongUsage(`--${name} has no value\nwrite --${name}=<value>`, found.verb.name);
  }
  return found;
}

/** A command that neither prints nor exits. */
const commandOf = (name: string): Command =>
  new Command(name)
    .helpOption(false)
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeOut: () => {}, writeErr: () => {} });

function groupOf(program: Command, name: string): Command {
  const known = program.commands.find((command) => command.name() === name);
  if (known) return known;
  const group = commandOf(name);
  program.addCommand(group);
  return group;
}

function commandFor(verb: Verb, name: string, found: (parsed: Parsed) => void): Command {
  const command = commandOf(name);
  for (const [option, { value, many }] of Object.entries(verb.options)) {
    const flags = value ? `--${option} ${value.replace(/^<.*>$/, '<value>')}` : `--${option}`;
    const made = command.createOption(flags);
    if (many) made.argParser((next: string, before: readonly string[] = []) => [...before, next]);
    command.addOption(made);
  }
  for (const { name: word, many, optional } of verb.positionals) {
    const shown = many ? `${word}...` : word;
    command.argument(optional ? `[${shown}]` : `<${shown}>`);
  }
  return command.action(() => {
    const typed = Object.fromEntries(
      command.options.map((option) => [option.name(), command.getOptionValue(option.attributeName())]),
    );
    refuseUnknownWords(verb, command.args);
    found({ verb, values: withDefaults(verb, typed), words: command.args });
  });
}

function withDefaults(verb: Verb, typed: Parsed['values']): Parsed['values'] {
  return Object.fromEntries(
    Object.entries(verb.options).map(([name, { value, many }]) => [
      name,
      typed[name] ?? (value === undefined ? false : many ? [] : undefined),
    ]),
  );
}

function refuseUnknownWords(verb: Verb, words: readonly string[]): void {
  verb.positionals.forEach(({ name, choices }, at) => {
    const word = words[at];
    if (choices && word !== undefined && !choices.includes(word)) {
      throw new WrongUsage(`"${word}" is no ${name}\nwrite one of: ${choices.join(', ')}`, verb.name);
    }
  });
}

/** `--environment --yes` lacks a name; it must not deploy to an environment called "--yes". */
function refuseLostValues(verb: Verb, args: readonly string[]): void {
  const options = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  options.forEach((arg, at) => {
    const takesValue = arg.startsWith('--') && verb.options[arg.slice(2)]?.value !== undefined;
    if (takesValue && options[at + 1]?.startsWith('-')) {
      throw new WrongUsage(
        `${arg} has no value\na value that begins with - needs =, as ${arg}=-value`,
        verb.name,
      );
    }
  });
}
