import type { CommanderError } from 'commander';
import { PROGRAM } from '../table/program';
import type { Verb } from '../table/verb';
import { verbIn } from './verb-in';
import { WrongUsage } from './wrong-usage';

/** The library's message, in the project's form. */
export function inTwoLines(error: CommanderError, args: readonly string[]): WrongUsage {
  const { verb, members } = verbIn(args);
  const [first = '', second] = args;
  if (error.code === 'commander.help' && members.length > 0) {
    return new WrongUsage(`there is no verb ${first}\ndid you mean: ${namesOf(members)}`);
  }
  const [what = '', hint] = error.message.replace(/^error: /, '').split('\n');
  const meant = hint?.match(/Did you mean (?:one of )?(.*)\?/)?.[1]?.split(', ');
  const of = verb?.name ?? (members.length > 0 ? first : undefined);
  const wrong = what
    .replace(/^unknown command '(.*)'$/, (_, word) => `there is no verb ${of ? `${of} ` : ''}${word}`)
    .replace(/^unknown option '(.*)'$/, 'there is no option $1')
    .replace(/^missing required argument '(.*)'$/, 'which $1?')
    .replace(/^too many arguments.*$/, `too many words for ${of}: ${second ?? first} …`)
    .replace(/^option '(--\S+).*' argument missing$/, '$1 has no value');
  const help = of ? `${PROGRAM} ${of} --help says what there is` : `${PROGRAM} help says what there is`;
  const full = meant?.map((word) => (word.startsWith('-') ? word : inFull(word, of)));
  return new WrongUsage(`${wrong}\n${full ? `did you mean: ${full.join(', ')}` : help}`, of);
}

const namesOf = (verbs: readonly Verb[]): string => verbs.map(({ name }) => name).join(', ');

/** As it is typed: the group of a second word before it, the verbs of a group in its place. */
function inFull(word: string, group: string | undefined): string {
  if (group !== undefined) return `${group} ${word}`;
  const { verb, members } = verbIn([word]);
  return verb ? word : namesOf(members);
}
