import type { Verb } from '../table/verb';
import { VERBS } from '../verbs';

/** The verb that the words name, or the group of verbs, and how many words that takes. */
export function verbIn(words: readonly string[]): { verb?: Verb; members: readonly Verb[]; length: number } {
  const [first = '', second] = words;
  const members = VERBS.filter(({ name }) => name === first || name.startsWith(`${first} `));
  const two = members.find(({ name }) => name === `${first} ${second}`);
  if (two) return { verb: two, members, length: 2 };
  const one = members.find(({ name }) => name === first);
  return one ? { verb: one, members, length: 1 } : { members, length: members.length > 0 ? 1 : 0 };
}
