import { verbIn } from '../parse/verb-in';
import type { Completes, Verb } from '../table/verb';
import { VERBS } from '../verbs';

/** The names of the catalogue that a word may be. */
export type CatalogueNames = Readonly<Record<Exclude<Completes, 'file'>, readonly string[]>>;

/** What the last of the words may become. @param names asked for only where one of them fits */
export async function candidates(
  words: readonly string[],
  names: () => Promise<CatalogueNames>,
): Promise<string[]> {
  // bash gives the = of --name=value as a word.
  const typed = words.filter((word, at) => word !== '=' || at === words.length - 1);
  const last = typed.at(-1) === '=' ? '' : (typed.at(-1) ?? '');
  const before = typed.slice(0, -1);
  return (await offers(before, last, names)).filter((word) => word.startsWith(last)).sort();
}

async function offers(
  before: readonly string[],
  last: string,
  names: () => Promise<CatalogueNames>,
): Promise<string[]> {
  const { verb, members, length } = verbIn(before);
  if (before.length === 0) return [...new Set([...VERBS.map(({ name }) => name.split(' ')[0]!), 'help'])];
  if (before[0] === 'help') return verbsAfter(before.slice(1));
  if (!verb) return before.length === 1 ? members.map(({ name }) => name.split(' ')[1]!) : [];
  const asked = verb.options[before.at(-1)?.replace(/^--/, '') ?? ''];
  if (asked?.value && before.at(-1)?.startsWith('--')) return pick(asked.completes, names);
  const [, option, start] = /^--([\w-]+)=(.*)$/.exec(last) ?? [];
  if (option !== undefined && start !== undefined) {
    return (await pick(verb.options[option]?.completes, names)).map((name) => `--${option}=${name}`);
  }
  if (last.startsWith('-')) return [...Object.keys(verb.options).map((name) => `--${name}`), '--help'];
  return wordsOf(verb, before.slice(length), names);
}

const verbsAfter = (before: readonly string[]): string[] =>
  VERBS.map(({ name }) => name.split(' '))
    .filter((parts) => before.every((word, at) => parts[at] === word))
    .flatMap((parts) => parts[before.length] ?? []);

async function wordsOf(
  verb: Verb,
  typed: readonly string[],
  names: () => Promise<CatalogueNames>,
): Promise<string[]> {
  const given = typed.filter((word, at) => {
    const option = verb.options[typed[at - 1]?.replace(/^--/, '') ?? ''];
    return !word.startsWith('-') && !(option?.value && typed[at - 1]?.startsWith('--'));
  });
  const { positionals } = verb;
  const next = positionals[given.length] ?? (positionals.at(-1)?.many ? positionals.at(-1) : undefined);
  if (!next) return [];
  const all = next.choices ?? (await pick(next.completes, names));
  return all.filter((word) => !given.includes(word));
}

/** None for a file: the shell knows them. */
const pick = async (
  completes: Completes | undefined,
  names: () => Promise<CatalogueNames>,
): Promise<string[]> =>
  completes === undefined || completes === 'file' ? [] : [...(await names())[completes]];
