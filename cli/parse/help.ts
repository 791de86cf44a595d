import { exitsOf } from '../table/exit-codes';
import { PROGRAM } from '../table/program';
import type { Need, Option, Positional, Verb } from '../table/verb';
import { SHOWN } from '../verbs';
import { verbIn } from './verb-in';

const WIDTH = 80;

const NEEDS: Readonly<Record<Need, string>> = {
  nothing: 'nothing',
  catalogue: 'services.config.ts',
  stack: 'services.config.ts, and the variables of its secrets and its state',
  server: 'services.config.ts, and a server that answers',
};

/** @returns undefined where the words name no verb */
export function helpFor(words: readonly string[]): string | undefined {
  if (words.length === 0) return overview();
  if (words[0] === 'exit-codes') return exitCodes();
  const { verb, members } = verbIn(words);
  if (verb) return helpOf(verb);
  return members.length > 0 ? `${usage(`${words[0]} <verb>`)}\n\n${listOf(members)}\n` : undefined;
}

/** One line. */
export const usageOf = (verb: Verb): string =>
  usage(
    [verb.name, ...(Object.keys(verb.options).length > 0 ? ['[options]'] : []), ...shownWords(verb)].join(
      ' ',
    ),
  );

const usage = (rest: string): string => `usage: ${PROGRAM} ${rest}`;

const shownWords = ({ positionals }: Verb): string[] =>
  positionals.map(({ name, many, optional, choices }: Positional) => {
    const short = choices && choices.length < 4 ? choices.join('|') : `<${name}>`;
    return `${optional ? `[${short}]` : short}${many ? ' …' : ''}`;
  });

function overview(): string {
  return `${usage('<verb> [options]')}

${listOf(SHOWN)}

  ${PROGRAM} <verb> --help     its options, examples and exit codes
  ${PROGRAM} help exit-codes   those of all verbs
`;
}

function listOf(verbs: readonly Verb[]): string {
  return columns(verbs.map(({ name, summary }) => [name, summary]));
}

function helpOf(verb: Verb): string {
  const { details, options, positionals, examples, needs, name } = verb;
  const words = positionals.map(({ name: word, text, choices }): [string, string] => [
    word,
    choices && choices.length > 3 ? `${text}: ${choices.join(', ')}` : text,
  ]);
  const parts = [
    usageOf(verb),
    wrap(details, WIDTH).join('\n'),
    ...(words.length > 0 ? [columns(words)] : []),
    ...(Object.keys(options).length > 0 ? [columns(Object.entries(options).map(shownOption))] : []),
    `needs: ${NEEDS[needs]}`,
    `exit:\n${columns(exitsOf(name).map(([code, meaning]) => [String(code).padStart(2), meaning]))}`,
    `examples:\n${examples.map((example) => `  ${shownExample(example)}`).join('\n')}`,
  ];
  return `${parts.join('\n\n')}\n`;
}

const shownOption = ([name, { value, text }]: [string, Option]): [string, string] => [
  `--${name}${value ? ` ${value}` : ''}`,
  text,
];

/** Variables come before the program. */
export function shownExample(example: string): string {
  const [, variables = '', rest = ''] = /^((?:[A-Z_]+=\S+ )*)(.*)$/.exec(example) ?? [];
  return `${variables}${PROGRAM} ${rest}`;
}

function exitCodes(): string {
  const parts = SHOWN.map(
    ({ name }) =>
      `${name}\n${columns(exitsOf(name).map(([code, meaning]) => [String(code).padStart(2), meaning]))}`,
  );
  return `${parts.join('\n\n')}\n`;
}

/** Two columns; what stands left and is too wide gets a line of its own. */
function columns(rows: readonly (readonly [string, string])[]): string {
  const left = Math.min(24, Math.max(...rows.map(([name]) => name.length)));
  const indent = ' '.repeat(left + 4);
  return rows
    .map(([name, text]) => {
      const lines = text.split('\n').flatMap((line) => wrap(line, WIDTH - left - 4));
      const below = lines.join(`\n${indent}`);
      return name.length > left ? `  ${name}\n${indent}${below}` : `  ${name.padEnd(left)}  ${below}`;
    })
    .join('\n');
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
