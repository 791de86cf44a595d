import { readPlan } from '../../plan/changes/read-plan';
import { commandsInWords, type Replacement, replacementsOf } from '../../plan/replacements';
import { asides, LABELS, serviceInWords } from '../../plan/text';
import { redactorOf } from '../../stack/redactor';
import { readDeclaredNames, strangersInWords, strangersOf } from '../../stack/strangers';
import { oneLine } from '../../terminal/untrusted';
import type { PlanDocument } from '../../terraform/document';
import { findLeftovers } from './match';
import { findPlainSecrets, plainInWords } from './plain-secrets';
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
  for (const line of plainInWords(findPlainSecrets(found.running, secretsOf(found)))) console.say(line);
  if (planned.destroyed.length > 0) return;
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

const secretsOf = ({ opened: { stack, shell } }: Survey): Record<string, string | undefined> =>
  Object.fromEntries(stack.secretVariables.map((name) => [name, shell[`TF_VAR_${name}`]]));

/** What would be destroyed, why, for how long, and what to type instead. Nothing was imported. */
export function tellDestruction(
  { stack, opened }: Survey,
  { destroyed }: ImportPlan,
  document: PlanDocument,
  { console }: Pick<RecoverRun, 'console'>,
): void {
  const { settings, services } = stack;
  const isStateful = ({ service }: Replacement) => settings.stateful?.includes(service) ?? false;
  // What the others need to start comes first.
  const replacements = replacementsOf(document).sort((a, b) => Number(isStateful(b)) - Number(isStateful(a)));
  const { services: changes } = readPlan(document, { settings, services, now: new Date() });
  const lines = changes
    .filter(({ action }) => action === 'replace' || action === 'destroy')
    .flatMap((change) => [
      `${LABELS[change.action]} ${change.service}  ${serviceInWords(change)}`,
      ...[
        ...(replacements.find(({ service }) => service === change.service)?.differences ?? []),
        ...asides(change),
      ].map((text) => `        ${text}`),
    ])
    .map(oneLine);
  const words = remedy(destroyed, replacements).map(oneLine).join('\n');
  redactorOf(stack, opened.shell).check([...lines, words].join('\n'), 'the plan');
  for (const line of lines) console.say(`  ${line}`);
  console.fault(words);
}

function remedy(destroyed: readonly string[], replacements: readonly Replacement[]): string[] {
  if (destroyed.some((address) => address.startsWith('docker_network.'))) {
    return [
      'the deploy would replace the network, and every service with it; nothing was imported',
      '  it was made otherwise than the catalogue makes it: remove the stack and deploy it, docs/adopt.md, "The short way"',
    ];
  }
  if (replacements.length < destroyed.length) {
    return [
      'the deploy would remove a service, nothing was imported',
      '  correct services.config.ts until it says what runs, or remove it yourself: docker service rm',
    ];
  }
  const others = replacements.filter(({ command }) => !command).map(({ service }) => service);
  return [
    `the deploy would remove and recreate ${replacements.map(({ service }) => service).join(', ')}, which Terraform refuses (prevent_destroy); nothing was imported`,
    ...commandsInWords(replacements),
    ...(others.length > 0
      ? [
          `  no command changes ${others.join(', ')} in place: docker service rm removes it, the deploy makes it again; volumes stay`,
        ]
      : []),
    '  then ./proctor state recover again; or all at once, with the stack away for minutes: docs/adopt.md',
  ];
}

const inWords = ({ imported, created, changed, destroyed, renewed }: ImportPlan): string =>
  [
    `${imported.length} to import`,
    `${created.length} to add`,
    `${changed.length} to change`,
    `${destroyed.length} to destroy`,
    ...(renewed.length > 0 ? [`${renewed.length} gates or older versions to replace`] : []),
  ].join(', ');
