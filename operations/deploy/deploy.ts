import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT_UNWELL } from '../../contract/outcome';
import type { Release } from '../../contract/release';
import type { Shell } from '../../contract/shell';
import { lockedAtLast, lockedBy } from '../backup/locked';
import { forgetRestore } from '../backup/restore/forget';
import { type Kept, keepConnection } from '../docker/connect';
import { type Standing, sameSpec, standings } from '../docker/standing';
import { beginEarly } from '../fresh/early';
import { changedSince, hasStateMoved, inWords, openView } from '../fresh/open';
import { remember, rememberSight } from '../fresh/remember';
import { type HostResult, prepareHost } from '../host/prepare';
import { findByHand, nothingToDo } from '../plan/by-hand/find';
import { preflight } from '../preflight/preflight';
import { type Commit, commitOf, NO_COMMIT } from '../releases/author';
import { confirmedInWords, unconfirmed } from '../releases/confirm';
import { offPace } from '../releases/off-pace';
import { changedSomething, type RecordProps, recordRelease } from '../releases/record';
import { Restoring } from '../releases/restore';
import { askSecrets, type Opened, openEnvironment, terraformOf } from '../stack/open';
import { givenInFiles, judgeVariables } from '../stack/variables';
import { findUnwell } from '../status/unwell';
import type { Console } from '../terminal/console';
import { oneLine } from '../terminal/untrusted';
import { writeErroredState } from '../terraform/errored-state';
import type { TerraformRun } from '../terraform/run';
import { PLAN_FILE, REPORTS_FOLDER } from '../terraform/running';
import { applyAndWatch } from './apply';
import type { DeployOptions } from './options';
import { planAndJudge, STATE_MOVED } from './plan-and-judge';
import type { DeployResult } from './result';

export interface DeployRun {
  readonly options: DeployOptions;
  readonly shell: Shell;
  readonly console: Console;
  readonly projectFolder: string;
  /** Ends what is under way in good order. */
  readonly signal: AbortSignal;
}

/** How often it is planned where somebody else changes the server meanwhile. */
const PLANS = 2;

const MOVED =
  'another state was written while the plan waited for it: it is made again, and reads everything from the server';

/** From the catalogue to the verdict. Throws what is no verdict: a synth or a plan that failed. */
export function deploy(run: DeployRun): Promise<DeployResult> {
  const { console, signal, projectFolder, shell } = run;
  const { environment, to, only } = run.options;
  const restoring = to === undefined ? undefined : new Restoring(to);
  const waits = (words: string) => console.say(`${words}: waiting for up to 10 minutes`);
  const began = performance.now();
  return openEnvironment(
    {
      environment,
      projectFolder,
      shell,
      signal,
      purpose: 'deploy',
      onWait: waits,
      say: (line) => run.console.say(line),
      remake: restoring?.remake,
    },
    async (opened) => {
      const looking = new AbortController();
      // Right after the stack was made: somebody may work on while the question waits. `only` records no release.
      const committed = restoring?.release ?? (only ? NO_COMMIT : commitOf(projectFolder, looking.signal));
      try {
        return await keepConnection(opened.stack, (kept) =>
          steps(run, opened, { waits, began, restoring, committed, kept }),
        );
      } finally {
        looking.abort();
      }
    },
  );
}

type Standings = ReadonlyMap<string, Standing>;

interface Way {
  readonly waits: (words: string) => void;
  readonly began: number;
  /** The release that is gone back to. */
  readonly restoring: Restoring | undefined;
  /** Of the project, or that of the release. */
  readonly committed: Commit | Promise<Commit>;
  /** The connection that all looks at the server share. */
  readonly kept: Kept;
}

async function steps(
  run: DeployRun,
  opened: Opened,
  { waits, began, restoring, committed, kept }: Way,
): Promise<DeployResult> {
  const { console, signal, projectFolder } = run;
  const { options } = run;
  const { environment, yes, skipPreflight, without } = options;
  const { stack } = opened;
  const locking = lockedBy(stack);
  // Before anything on the server, its own steps included, and before a secret is asked for in vain.
  const mayWait = !opened.host && Object.keys(stack.settings.commands ?? {}).length === 0;
  const locked = mayWait ? undefined : await locking;
  const host = locked ? null : await hostOf(run, opened, waits);
  // It may have got its Docker only now, and the login its group.
  if (host) kept.renew();
  const end = (result: Partial<DeployResult> & Pick<DeployResult, 'outcome' | 'exitCode'>): DeployResult => ({
    stack: stack.id,
    environment,
    host,
    preflight: [],
    plan: null,
    services: [],
    probe: null,
    runs: [],
    error: null,
    seconds: (performance.now() - began) / 1000,
    ...result,
  });
  const refuseLocked = (why: string) => {
    console.fault(why);
    return end({ outcome: 'refused', exitCode: 1, error: why });
  };
  if (locked) return refuseLocked(locked);
  if (host?.error) {
    console.fault(host.error);
    const outcome = host.refused ? 'refused' : signal.aborted ? 'interrupted' : 'failed';
    return end({ outcome, exitCode: 1, error: host.error });
  }

  const back = restoring && `release ${restoring.release.number}`;
  console.part(
    back ? `back to ${back} of ${stack.id} at ${stack.host}` : `deploy of ${stack.id} to ${stack.host}`,
  );
  for (const note of restoring?.notes ?? []) console.item('i', 'release', note);
  const say = (line: string) => console.say(`  asking for ${line}`);
  const asked = await askSecrets(opened, { projectFolder, signal, say });
  const { shell } = asked;
  const reports = join(stack.folder, REPORTS_FOLDER);
  mkdirSync(reports, { recursive: true, mode: 0o700 });
  const own = terraformOf(asked, signal);
  const terraform: TerraformRun = { ...own, env: { ...own.env, ROLLOUT_REPORTS: reports } };
  await writeErroredState(terraform, (line) => console.say(`  ${line}`));
  // What is missing the checks say better than Terraform.
  const isGiven = judgeVariables(stack, shell, givenInFiles(stack.folder)).every(
    ({ level }) => level !== 'failure',
  );
  const early =
    // It plans everything.
    isGiven && !skipPreflight && !options.only
      ? beginEarly({ stack, terraform, refresh: options.refresh, waits })
      : undefined;
  try {
    const nowLocked = await locking;
    if (nowLocked) return refuseLocked(nowLocked);
    const findings = [
      ...asked.findings,
      ...(skipPreflight ? [] : await preflight({ stack, shell, projectFolder, environment, without })),
    ];
    for (const finding of findings) console.finding(finding);
    const failures = findings.filter(({ level }) => level === 'failure');
    if (failures.length > 0) {
      const error = `${failures.length === 1 ? '1 check' : `${failures.length} checks`} failed, nothing was changed`;
      console.fault(error);
      const exitCode = failures.some(({ unreachable }) => unreachable) ? 6 : 1;
      return end({
        outcome: exitCode === 6 ? 'unreachable' : 'preflight',
        exitCode,
        preflight: findings,
        error,
      });
    }

    if (signal.aborted) throw new Error('interrupted, nothing was changed');
    for (let plans = 1; ; plans += 1) {
      console.part('plan');
      const begun = plans === 1 ? early : undefined;
      const view = (await begun?.view) ?? (await openView(stack, terraform, options.refresh || plans > 1));
      if (view.strange.length > 0) {
        for (const finding of view.strange) console.finding(finding);
        const error = 'the state is not the one of what runs, nothing was changed';
        console.fault(error);
        return end({ outcome: 'refused', exitCode: 1, preflight: [...findings, ...view.strange], error });
      }
      for (const line of inWords(view)) console.say(`  ${line}`);
      // Where a look in full failed, services alone are compared.
      const seen = view.sight ? undefined : await standings(stack);
      const changesSince = async () => {
        const [moved, changed] = await Promise.all([
          hasStateMoved(stack, terraform, view),
          seen ? standings(stack).then((now) => changedServices(seen, now)) : changedSince(stack, view),
        ]);
        return [...(moved ? ['another state was written'] : []), ...changed];
      };
      const hostNeeds = host?.needs ?? [];
      const judged = await planAndJudge({
        ...run,
        ...options,
        shell,
        stack,
        terraform,
        view,
        planned: await begun?.planned,
        waits,
        hostNeeds,
        remake: restoring?.remake,
      });
      if (judged === STATE_MOVED) {
        console.say(`  ${MOVED}`);
        continue;
      }
      if (!judged) {
        const [unwell, byHand, moved, failed] = await Promise.all([
          findUnwell(stack),
          findByHand(stack),
          // Where everything was read that decides nothing but what is remembered.
          hasStateMoved(stack, terraform, view).catch((error) => {
            if (view.refresh === undefined) throw error;
            return true;
          }),
          options.only ? undefined : unconfirmed(stack),
          forgetRestore(stack),
        ]);
        if (moved && view.refresh === undefined) {
          console.say(`  ${MOVED}`);
          continue;
        }
        console.say(nothingToDo(byHand, back));
        for (const line of byHand) console.say(`  ${oneLine(line)}`);
        if (view.sight && !view.isEmpty) {
          // A plan of a part, or of what somebody else left meanwhile, says nothing of all that was seen.
          const inputs = moved || options.only ? undefined : view.inputs;
          if (view.refresh !== undefined)
            tellForgotten(console, await rememberSight(stack, terraform, view.sight, inputs));
          else if (inputs) await rememberSight(stack, terraform, view.sight, inputs);
        }
        if (unwell.length === 0) {
          const result = end({ outcome: 'unchanged', exitCode: 0, preflight: findings });
          if (!failed) return result;
          console.say(`  ${confirmedInWords(failed)}`);
          const commit = await committed;
          return recorded({ stack, shell, result, acknowledged: [], commit, restoring, failed }, console);
        }
        for (const line of unwell) console.say(`  ${line}`);
        const error = `nothing is to be deployed, and ${unwell.length === 1 ? '1 service is' : `${unwell.length} services are`} not well\n  ./proctor status and docker service logs say more`;
        console.fault(error);
        return end({ outcome: 'unwell', exitCode: EXIT_UNWELL, preflight: findings, error });
      }
      const { plan: summary, acknowledged, stopped, document } = judged;
      const refused = (error: string) => {
        console.fault(error);
        return end({ outcome: 'refused', exitCode: 1, preflight: findings, plan: summary, error });
      };
      if (stopped) return refused(stopped);
      if (!yes) {
        const answer = console.canAsk && (await console.ask(`\napply this to ${stack.host}? (yes) `, signal));
        if (!answer)
          return refused(
            console.canAsk
              ? 'not applied, nothing was changed'
              : 'there is no terminal to ask on, nothing was changed\n  add --yes to apply without asking',
          );
      }
      const [changes, before, meanwhile] = await Promise.all([
        changesSince(),
        standings(stack),
        lockedAtLast(stack),
      ]);
      const outdated = (all: readonly string[]) => {
        const what = `${all.join(', ')} since the plan was made`;
        if (plans === PLANS)
          return refused(`${what}, nothing was changed\n  run it again when nobody else is at it`);
        console.say(`  ${what}: it would be overwritten unseen, so the plan is made again`);
        return undefined;
      };
      if (changes.length > 0) {
        const ended = outdated(changes);
        if (ended) return ended;
        continue;
      }
      if (meanwhile) return refused(meanwhile);
      let remembering: Promise<string | undefined> | undefined;
      // Nobody else uses it meanwhile: it may die.
      const attended = kept.attend();
      const onEnd = (applied: boolean) => {
        attended();
        const whole = document && !options.only ? { document, inputs: view.inputs } : undefined;
        if (applied) remembering = remember(stack, terraform, whole);
      };
      const backTo = restoring?.release.number;
      let later: readonly string[] = [];
      let lockedLater: string | undefined;
      const isOutdated = async () => {
        [later, lockedLater] = await Promise.all([changesSince(), lockedAtLast(stack)]);
        return later.length > 0 || lockedLater !== undefined;
      };
      const told = { stack, console, shell, backTo, waits, isOutdated, onEnd };
      const rest = await applyAndWatch({ ...told, terraform, reports, summary, before });
      if (!rest) {
        if (lockedLater) return refused(lockedLater);
        const ended = outdated(later);
        if (ended) return ended;
        continue;
      }
      const result = end({ ...rest, preflight: findings, plan: summary });
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
  } finally {
    await early?.stop();
    // It holds every secret.
    rmSync(join(stack.folder, PLAN_FILE), { force: true });
    rmSync(reports, { recursive: true, force: true });
  }
}

const changedServices = (was: Standings, now: Standings): string[] =>
  [...new Set([...was.keys(), ...now.keys()])]
    .filter((name) => !sameSpec(was.get(name)?.spec, now.get(name)?.spec))
    .map((name) => `service ${name} was changed`);

type Recording = Pick<RecordProps, 'stack' | 'shell' | 'acknowledged' | 'commit'> & {
  readonly result: DeployResult;
  readonly restoring: Restoring | undefined;
  /** The one before, where this one only tells that it is well. */
  readonly failed?: Release;
};

/** The end of a deploy that is worth a record: what is out of the usual, and its record on the server. */
async function recorded(
  { restoring, failed, result, ...rest }: Recording,
  console: Console,
): Promise<DeployResult> {
  const say = (line: string) => console.say(line);
  if (result.plan) for (const line of offPace(result, result.plan, rest.stack)) say(line);
  if (!changedSomething(result)) return result;
  const of = restoring ? (restoring.release.of ?? restoring.release.number) : failed?.of;
  const release = await recordRelease({ ...rest, result, of, say });
  if (restoring) say('the next ./proctor deploy rolls forward again, unless its commit says what runs now');
  return { ...result, release: release ?? null };
}

/** It is nobody's fault, and the deploy is as good: only the next one takes longer. */
function tellForgotten(console: Console, why: string | undefined): void {
  if (why !== undefined) console.say(`  the next plan reads everything from the server again: ${why}`);
}

/** The server first, where the catalogue says what it is to be: there may be no Docker yet. */
async function hostOf(
  { console, signal, options: { yes, skipPreflight, acknowledge } }: DeployRun,
  { host, added }: Opened,
  waits: (words: string) => void,
): Promise<HostResult | null> {
  if (!host) return null;
  const check = !skipPreflight;
  return prepareHost({ host, console, env: added, yes, acknowledge, check, signal, waits });
}
