import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Shell } from '../../contract/shell';
import { judgeNeeds, type PolicyDecision } from '../policy/acknowledgements';
import type { Need } from '../policy/need';
import { decisionLines } from '../policy/text';
import { lockOn } from '../records/locked';
import { encryptionSecrets } from '../redact/encryption';
import type { ExistingObject } from '../stack/existing';
import { Redactor, redactorOf } from '../stack/redactor';
import { strangersInWords } from '../stack/strangers';
import type { Console } from '../terminal/console';
import { oneLine } from '../terminal/untrusted';
import { findByHand, nothingToDo } from './by-hand/find';
import type { Capacity } from './capacity';
import type { ReadablePlan } from './changes/model';
import { makeDryPlan } from './dry-plan';
import { markdown } from './markdown';
import type { PlanOptions } from './options';
import { findBackupProblems, findStrangers, readAndJudge, tellPlan } from './read-and-judge';

export interface PlanRun {
  readonly options: PlanOptions;
  readonly shell: Shell;
  readonly console: Console;
  readonly projectFolder: string;
  readonly signal: AbortSignal;
}

/** What `--json` prints, one object. Fields are only ever added. */
export interface PlanResult {
  /** As Terraform knows it; empty when synth failed. */
  readonly stack: string;
  readonly environment: string;
  /** 0 nothing to do, 2 changes, 3 changes with downtime or data risk, 1 error or, with `--gate`, stopped. */
  readonly exitCode: number;
  readonly plan: ReadablePlan | null;
  readonly policy: PolicyDecision | null;
  readonly capacity: Capacity | null;
  /** What a deploy first changes on the server itself, as `<step>: <what>`. */
  readonly server: readonly string[];
  /** What carries the stack's name, and neither the catalogue nor the state knows. */
  readonly strangers: readonly Pick<ExistingObject, 'type' | 'name'>[];
  /** What services have by hand that no deploy sees, and this plan leaves. */
  readonly byHand: readonly string[];
  /** What is wrong with the backups that the catalogue has. */
  readonly backups: readonly string[];
  /** Who has locked deploys, since when and why; null where everybody may. */
  readonly locked: string | null;
  readonly error: string | null;
}

export const EXIT = { nothing: 0, error: 1, changes: 2, risky: 3 } as const;

/** From the catalogue to a plan that a reviewer can read. Nothing is changed. */
export async function runPlan(run: PlanRun): Promise<PlanResult> {
  const { console, projectFolder, signal } = run;
  const { environment, acknowledge, gate, refresh } = run.options;
  const say = (words: string) => console.say(words);
  const dry = await makeDryPlan({ environment, projectFolder, shell: run.shell, signal, say, refresh });
  const { stack, shell, known, document, fullText, hostNeeds } = dry;
  const server = dry.server.map(({ step, text }) => `${step}: ${text}`);
  const redactor = redactorOf(stack, shell);
  console.part(`plan of ${stack.id} for ${stack.host}`);
  const [judged, lock] = await Promise.all([
    document
      ? readAndJudge({ stack, document, known, shell, projectFolder, acknowledge, hostNeeds })
      : undefined,
    lockOn(stack),
  ]);
  const locked = lock && redactor.show(oneLine(lock));
  const verdict = judged?.verdict ?? judgeServer(hostNeeds, acknowledge);
  const [strangers, found] = await Promise.all([
    judged?.strangers ?? findStrangers(stack, known),
    judged ? (judged.byHand ?? []) : findByHand(stack),
  ]);
  const byHand = found.map((text) => redactor.show(text));
  const backups = (await findBackupProblems(stack)).map((text) => redactor.show(text));
  redactor.check([...server, ...strangersInWords(strangers)].join('\n'), 'the plan');
  if (locked) console.say(`  ! ${locked}`);
  for (const line of server) console.say(`  server       ${line}`);
  if (judged) tellPlan(console, judged, redactor, hostNeeds);
  else if (verdict) for (const line of decisionLines(verdict)) console.say(`  ${line}`);
  else if (server.length === 0) console.say(nothingToDo(byHand));
  const beside = judged ? [] : [...strangersInWords(strangers), ...byHand];
  for (const line of beside) console.say(`  ${oneLine(line)}`);
  for (const line of backups) console.say(`  ! backups: ${oneLine(line)}`);
  const stopped = gate && verdict?.passes === false;
  const result: PlanResult = {
    stack: stack.id,
    environment,
    exitCode: stopped ? EXIT.error : exitCodeOf(verdict, judged !== undefined || server.length > 0),
    plan: judged?.plan ?? null,
    policy: verdict ?? null,
    capacity: judged?.capacity ?? null,
    server,
    strangers: strangers.map(({ type, name }) => ({ type, name })),
    byHand,
    backups,
    locked: locked ?? null,
    error: stopped ? 'the policy stops this plan' : null,
  };
  const comment = {
    stack: stack.id,
    server,
    strangers,
    backups,
    locked,
    hostNeeds,
    plan: undefined,
    ...judged,
    byHand,
    verdict,
    fullText,
  };
  writeMarkdown(run, redactor, markdown(comment));
  redactor.check(JSON.stringify(result), 'the plan as JSON');
  console.endPart();
  return result;
}

/** Without a plan of services there is still the server itself. */
const judgeServer = (
  hostNeeds: readonly Need[],
  acknowledge: readonly string[],
): PolicyDecision | undefined =>
  hostNeeds.length > 0 ? judgeNeeds({ needs: hostNeeds, refusals: [] }, acknowledge) : undefined;

function exitCodeOf(verdict: PolicyDecision | undefined, changes: boolean): number {
  const { missing = [], acknowledged = [], refusals = [] } = verdict ?? {};
  if (missing.length + acknowledged.length + refusals.length > 0) return EXIT.risky;
  return changes ? EXIT.changes : EXIT.nothing;
}

function writeMarkdown(
  { options: { markdown: file }, projectFolder }: PlanRun,
  redactor: Redactor,
  text: string,
) {
  if (file === undefined) return;
  redactor.check(text, file);
  writeFileSync(resolve(projectFolder, file), text);
}

/** Every TF_VAR_*, for a text that is told before it is known which of them are secret. */
export const hideAll = (text: string, shell: PlanRun['shell']): string =>
  new Redactor(
    Object.fromEntries(Object.entries(shell).filter(([name]) => name.startsWith('TF_VAR_'))),
    ...encryptionSecrets(shell),
  ).hide(text);
