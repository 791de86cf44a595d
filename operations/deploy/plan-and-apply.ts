import type { Shell } from '../../contract/shell';
import { lockedAtLast } from '../backup/locked';
import { forgetRestore } from '../backup/restore/forget';
import type { Kept } from '../docker/connect';
import { type Standing, sameSpec, standings } from '../docker/standing';
import type { Early } from '../fresh/early';
import { changedSince, hasStateMoved, inWords, openView, type View } from '../fresh/open';
import { remember } from '../fresh/remember';
import type { Need } from '../policy/need';
import type { Commit } from '../releases/author';
import type { Restoring } from '../releases/restore';
import type { SynthesizedStack } from '../stack/synthesized';
import type { Finding } from '../terminal/finding';
import type { TerraformRun } from '../terraform/run';
import { applyAndWatch } from './apply';
import { endUnchanged, recorded, tellForgotten } from './end';
import type { DeployRun } from './options';
import { planAndJudge, STATE_MOVED } from './plan-and-judge';
import type { DeployResult, End, Refuse } from './result';

/** How often it is planned where somebody else changes the server meanwhile. */
const ROUNDS = 2;

const MOVED =
  'another state was written meanwhile: the plan is made again, and reads everything from the server';

type Standings = ReadonlyMap<string, Standing>;

export interface Way {
  readonly waits: (words: string) => void;
  /** The release that is gone back to. */
  readonly restoring: Restoring | undefined;
  /** Of the project, or that of the release. */
  readonly committed: Commit | Promise<Commit>;
  /** The connection that all looks at the server share. */
  readonly kept: Kept;
}

export interface Round {
  readonly run: DeployRun;
  readonly way: Way;
  readonly stack: SynthesizedStack;
  readonly shell: Shell;
  readonly terraform: TerraformRun;
  /** The folder that gates report to. */
  readonly reports: string;
  readonly hostNeeds: readonly Need[];
  readonly findings: readonly Finding[];
  /** A look and a plan that are under way. */
  readonly begun: Early | undefined;
  /** Which round this is, from 1. */
  readonly nth: number;
  readonly end: End;
  readonly refuse: Refuse;
}

/** One plan and what comes of it. @returns undefined where it has to be made again, and everything read for it */
export async function planAndApply(round: Round): Promise<DeployResult | undefined> {
  const { run, way, stack, shell, terraform, begun, nth, end, refuse } = round;
  const { console, options } = run;
  const { restoring, committed, kept, waits } = way;
  console.part('plan');
  const view = (await begun?.view) ?? (await openView(stack, terraform, options.refresh || nth > 1));
  if (view.strange.length > 0) {
    for (const finding of view.strange) console.finding(finding);
    return refuse('the state is not the one of what runs, nothing was changed', {
      preflight: [...round.findings, ...view.strange],
    });
  }
  for (const line of inWords(view)) console.say(`  ${line}`);
  const changesSince = await watchChanges(stack, terraform, view);
  const judged = await planAndJudge({
    ...run,
    ...options,
    shell,
    stack,
    terraform,
    view,
    planned: await begun?.planned,
    waits,
    hostNeeds: round.hostNeeds,
    remake: restoring?.remake,
  });
  const ended =
    judged === undefined
      ? await endUnchanged({ ...way, stack, shell, console, terraform, view, only: options.only, end })
      : undefined;
  if (judged === STATE_MOVED || (judged === undefined && !ended)) {
    console.say(`  ${MOVED}`);
    return undefined;
  }
  if (!judged) return ended;
  const { plan, acknowledged, stopped, document } = judged;
  const refuseIt = (error: string) => refuse(error, { plan });
  if (stopped) return refuseIt(stopped);
  const no = options.yes ? undefined : await askToApply(run, stack);
  if (no) return refuseIt(no);
  const outdated = (all: readonly string[]) => {
    const what = `${all.join(', ')} since the plan was made`;
    if (nth === ROUNDS)
      return refuseIt(`${what}, nothing was changed\n  run it again when nobody else is at it`);
    console.say(`  ${what}: it would be overwritten unseen, so the plan is made again`);
    return undefined;
  };
  const [changes, before, lockedNow] = await Promise.all([
    changesSince(),
    standings(stack),
    lockedAtLast(stack),
  ]);
  if (changes.length > 0) return outdated(changes);
  if (lockedNow) return refuseIt(lockedNow);
  let remembering: Promise<string | undefined> | undefined;
  // Nobody else uses it meanwhile: it may die.
  const attended = kept.attend();
  const onEnd = (applied: boolean) => {
    attended();
    const whole = document && !options.only ? { document, inputs: view.inputs } : undefined;
    if (applied) remembering = remember(stack, terraform, whole);
  };
  let later: readonly string[] = [];
  let lockedLater: string | undefined;
  const isOutdated = async () => {
    [later, lockedLater] = await Promise.all([changesSince(), lockedAtLast(stack)]);
    return later.length > 0 || lockedLater !== undefined;
  };
  const { reports } = round;
  const backTo = restoring?.release.number;
  const told = { stack, console, shell, backTo, waits, isOutdated, onEnd };
  const rest = await applyAndWatch({ ...told, terraform, reports, summary: plan, before });
  if (!rest) return lockedLater ? refuseIt(lockedLater) : outdated(later);
  const result = end({ ...rest, plan });
  const commit = await committed;
  // None of them needs another.
  const [done, forgotten] = await Promise.all([
    options.only ? result : recorded({ stack, shell, result, acknowledged, commit, restoring }, console),
    remembering,
    forgetRestore(stack),
  ]);
  tellForgotten(console, forgotten);
  return done;
}

/** Why nothing is applied: nobody said yes. */
async function askToApply(
  { console, signal }: DeployRun,
  { host }: SynthesizedStack,
): Promise<string | undefined> {
  if (!console.canAsk)
    return 'there is no terminal to ask on, nothing was changed\n  add --yes to apply without asking';
  const answer = await console.ask(`\napply this to ${host}? (yes) `, signal);
  return answer ? undefined : 'not applied, nothing was changed';
}

/** @returns what tells, whenever it is asked, what has changed since the view that a plan of it would overwrite */
async function watchChanges(
  stack: SynthesizedStack,
  terraform: TerraformRun,
  view: View,
): Promise<() => Promise<string[]>> {
  // Where a look in full failed, services alone are compared.
  const seen = view.sight ? undefined : await standings(stack);
  return async () => {
    const [moved, changed] = await Promise.all([
      hasStateMoved(stack, terraform, view),
      seen ? standings(stack).then((now) => changedServices(seen, now)) : changedSince(stack, view),
    ]);
    return [...(moved ? ['another state was written'] : []), ...changed];
  };
}

const changedServices = (was: Standings, now: Standings): string[] =>
  [...new Set([...was.keys(), ...now.keys()])]
    .filter((name) => !sameSpec(was.get(name)?.spec, now.get(name)?.spec))
    .map((name) => `service ${name} was changed`);
