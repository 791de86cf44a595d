import { readDeclaredNames, strangersInWords, strangersOf } from '../../stack/strangers';
import { findLeftovers } from './match';
import type { RecoverRun, Survey } from './survey';
import type { ImportPlan } from './terraform';

/** What was found, what the plan does with it, and what to run next. */
export function tellRecovery(found: Survey, planned: ImportPlan, { console, environment }: RecoverRun): void {
  const { declared, existing, known, matches, stack } = found;
  for (const { address, id, isStale } of matches) {
    console.say(`  import ${address}  ${id.slice(0, 12)}${isStale ? ' (the state knows another one)' : ''}`);
  }
  for (const address of planned.destroyed) console.say(`  DESTROY ${address}`);
  console.say(`plan: ${inWords(planned)}`);
  const strangers = strangersOf(existing, readDeclaredNames(stack.folder, stack.namespace), known);
  for (const line of strangersInWords(strangers)) console.say(line);
  if (planned.destroyed.length > 0) {
    console.fault(
      'the deploy would destroy something, nothing was imported\n  correct services.config.ts until it says what runs',
    );
    return;
  }
  const option = environment === 'production' ? '' : ` --environment ${environment}`;
  if (matches.length > 0) {
    console.say(
      `next: ./proctor state recover${option} --import   (writes the state, changes nothing on the server)`,
    );
    return;
  }
  console.say(`next: ./proctor deploy${option}`);
  const rest = findLeftovers(declared, existing, known, stack.namespace);
  if (rest.length > 0) {
    console.say(`after it, once all is well, remove what nobody knows any more:\n  ${rest.join('\n  ')}`);
  }
}

const inWords = ({ imported, created, changed, destroyed, renewed }: ImportPlan): string =>
  [
    `${imported.length} to import`,
    `${created.length} to add`,
    `${changed.length} to change`,
    `${destroyed.length} to destroy`,
    ...(renewed.length > 0 ? [`${renewed.length} gates or older versions to replace`] : []),
  ].join(', ');
