import type { KeptReport } from '../../contract/gate-report';
import { HANDOVER } from '../../contract/handover';
import { EXIT_CODES, EXIT_UNWELL, type Outcome, worst } from '../../contract/outcome';
import type { Shell } from '../../contract/shell';
import { type Standing, sameSpec, standings } from '../docker/standing';
import type { ReadablePlan } from '../plan/changes/model';
import { givesUpPorts } from '../plan/changes/ports';
import { redactorWith } from '../redact/environment';
import { changedSomething } from '../releases/record';
import type { SynthesizedStack } from '../stack/synthesized';
import { findUnwell } from '../status/unwell';
import type { Board } from '../terminal/board';
import type { Console } from '../terminal/console';
import { applyUnless } from '../terraform/plan';
import type { TerraformResult, TerraformRun } from '../terraform/run';
import { faults } from './faults';
import { readReports } from './gates';
import { begunService, lineOf, passedService } from './progress';
import { type PutBack, planPutBack, putBack } from './put-back';
import type { DeployResult } from './result';
import { nextStep, tellVerdict } from './text';
import { interruptionsOf, type Traffic, watchTraffic } from './traffic';
import { changedSinceVerdict, exitCodeOf, runsNow, verdictRows } from './verdict';

export interface ApplyProps {
  readonly stack: SynthesizedStack;
  readonly console: Console;
  readonly terraform: TerraformRun;
  /** The folder that gates report to. */
  readonly reports: string;
  readonly summary: ReadablePlan;
  /** Services as they stand before it. */
  readonly before: Standings;
  readonly shell: Shell;
  /** The release that is gone back to. */
  readonly backTo?: number | undefined;
  readonly waits: (words: string) => void;
  /** Whether something has changed that the plan would overwrite; asked while somebody else holds the state. */
  readonly isOutdated: () => Promise<boolean>;
  /** Called when Terraform has ended; what it does goes on beside the last looks. */
  readonly onEnd: (applied: boolean) => void;
}

type Applied = Pick<DeployResult, 'outcome' | 'exitCode' | 'services' | 'probe' | 'runs' | 'error'>;
type Standings = ReadonlyMap<string, Standing>;

/** A task that ends just then is back by then, or something is wrong. */
const PATIENCE_SECONDS = 30;

/**
 * Applies the plan, shows the gates' lines, probes meanwhile, puts back what is to be put back, and tells what runs.
 *
 * @returns undefined where the plan was outdated before it could be applied
 */
export async function applyAndWatch(props: ApplyProps): Promise<Applied | undefined> {
  const { stack, console, summary, shell, terraform, before } = props;
  const { settings, services } = stack;
  console.part('apply');
  const board = console.board();
  const stop = new AbortController();
  const traffic = await watchTraffic({
    stack,
    shell,
    first: before.size === 0,
    interruptions: interruptionsOf(summary.services),
    stopDeploy: () => stop.abort(),
    say: (text) => board.show({ kind: 'lasting', key: 'probe', text }),
  });
  const signal = AbortSignal.any([...(terraform.signal ? [terraform.signal] : []), stop.signal]);
  const begun = new Set<string>();
  const result = await applyShowing(props, { board, signal, begun, traffic });
  props.onEnd(result?.code === 0);
  const probe = (await traffic?.end()) ?? null;
  console.endBoard();
  if (!result) return undefined;

  const reports = readReports(props.reports);
  const applied = result.code === 0;
  const errors = faults(result, reports, signal.aborted);
  for (const error of errors) console.fault(error);
  // Else the connection that all share may be the one that died.
  const reached = applied || reports.some((report) => report.outcome !== 'unreachable');
  const bad = (probe?.breaches.length ?? 0) > 0;
  const wanted =
    (!applied && settings.onFailure === 'put-back') || (bad && settings.probe?.onFailure === 'rollback');
  // A verdict is as old as its gate: the first may have passed minutes ago. What is put back is watched anew.
  const [standing, unwell] = await Promise.all([
    askStandings(stack, !reached),
    applied && !wanted ? findUnwellSince(props, reports) : [],
  ]);
  let now = standing;
  const touched = findTouched(before, now, begun, services);
  const putBacks = wanted && now ? await putAllBack(props, before, now, { begun, reports }) : [];
  if (putBacks.length > 0) now = await askStandings(stack, true);

  const rows = verdictRows({ changes: summary.services, services, reports, putBacks, applied, touched });
  const changed = applied && now && putBacks.length === 0 ? changedSinceVerdict(reports, services, now) : [];
  for (const line of [...changed, ...(unwell ?? [])]) console.fault(line);
  const exitCode = exitCodeOf({
    applied,
    reports,
    unreachable: !now || !unwell,
    probeFailed: bad,
    changed: changed.length > 0,
    unwell: unwell !== undefined && unwell.length > 0,
  });
  const gates = worst(reports.map((report) => report.outcome));
  const interrupted = terraform.signal?.aborted ?? false;
  const outcome = outcomeOf({ exitCode, gates, bad, interrupted });
  const shown = exitCode === 0 ? rows.map(({ service }) => service) : services.map(({ id }) => id);
  const nameOf = (id: string) => services.find((service) => service.id === id)?.name ?? '';
  const runs = now ? shown.map((id) => ({ service: id, running: runsNow(now.get(nameOf(id))) })) : [];
  const told = { outcome, exitCode, services: rows, probe, runs };
  const next = nextStep({
    stack,
    backTo: props.backTo,
    exitCode,
    reachable: now !== undefined,
    putBack: wanted,
    interrupted,
    changed: changedSomething({ exitCode, services: rows }),
  });
  tellVerdict(console, told, next);
  const failed = reports.filter((report) => report.outcome !== 'converged');
  const reasons = failed.map(({ service, reason }) => `${service}: ${reason}`);
  const all = [...reasons, ...changed, ...(unwell ?? []), ...(probe?.breaches ?? []), ...errors];
  return { ...told, error: exitCode === 0 ? null : all.join('\n') || outcome };
}

interface Watching {
  readonly board: Board;
  readonly signal: AbortSignal;
  /** Gets the services that Terraform set about to change. */
  readonly begun: Set<string>;
  readonly traffic: Traffic | undefined;
}

function applyShowing(
  props: ApplyProps,
  { board, signal, begun, traffic }: Watching,
): Promise<TerraformResult | undefined> {
  const run: TerraformRun = {
    ...props.terraform,
    env: {
      ...props.terraform.env,
      [HANDOVER]: givers(props)
        .map(({ name }) => name)
        .join(','),
    },
    signal,
    onMessage: (message) => {
      const id = begunService(message);
      if (id !== undefined) {
        begun.add(id);
        traffic?.began(id);
      }
      const passed = passedService(message);
      if (passed !== undefined) traffic?.passed(passed);
      const line = lineOf(message);
      if (line) board.show(line);
    },
  };
  return applyUnless(props.isOutdated, run, props.waits);
}

/** Services that give up a published port to another one of this deploy. */
const givers = ({ stack, summary }: ApplyProps) =>
  stack.services.filter(({ id }) =>
    summary.services.some((change) => change.service === id && givesUpPorts(change)),
  );

/** Undefined where the server does not answer any more, or not to that: what is known by then is told all the same. */
const askStandings = (stack: SynthesizedStack, fresh: boolean): Promise<Standings | undefined> =>
  standings(stack, fresh).catch(() => standings(stack, true).catch(() => undefined));

/**
 * Services that had a good verdict and do not run as they did then; those that gave up a port had theirs early, and are looked
 * at in full. Undefined where the server does not answer.
 */
function findUnwellSince(props: ApplyProps, reports: readonly KeptReport[]): Promise<string[] | undefined> {
  const early = givers(props);
  const passed = reports.filter(({ outcome }) => outcome === 'converged');
  const services = props.stack.services.filter(
    ({ id, name }) =>
      early.some((giver) => giver.id === id) || passed.some(({ service }) => service === name),
  );
  const judged = new Map(
    passed
      .filter(({ service }) => !early.some(({ name }) => name === service))
      .map(({ service, at }) => [service, Date.parse(at ?? '') || Number.NEGATIVE_INFINITY]),
  );
  const of = (isJudged: boolean) => services.filter(({ name }) => judged.has(name) === isJudged);
  const look = async () => {
    const { stack } = props;
    const [first, rest] = await Promise.all([
      findUnwell({ ...stack, services: of(false) }),
      findUnwell({ ...stack, services: of(true) }, { judged, patienceSeconds: PATIENCE_SECONDS }),
    ]);
    return [...first, ...rest];
  };
  return look().catch(() => look().catch(() => undefined));
}

/** Names of services that are not what they were, of those that this deploy set about to change. */
function findTouched(
  before: Standings,
  now: Standings | undefined,
  begun: ReadonlySet<string>,
  services: SynthesizedStack['services'],
): Set<string> {
  const own = services.filter(({ id }) => begun.has(id)).map(({ name }) => name);
  return new Set(own.filter((name) => now && !sameSpec(before.get(name)?.spec, now.get(name)?.spec)));
}

async function putAllBack(
  { stack, console, shell }: ApplyProps,
  before: Standings,
  now: Standings,
  // What is only planned, another deploy may have done while this one waited for the state.
  { begun, reports }: { readonly begun: ReadonlySet<string>; readonly reports: readonly KeptReport[] },
): Promise<PutBack[]> {
  const plan = planPutBack(stack, before, now, begun, reports);
  console.part('put back');
  if (plan.waves.length === 0) console.say('  nothing: every stateless service is as it was before');
  const target = { ...stack, redactor: redactorWith(stack.derived ?? [], shell) };
  const results = await putBack(target, plan, (line) => console.say(`  ${line}`));
  for (const { text } of results) console.say(`  ${text}`);
  for (const { service, why } of plan.left) console.say(`  ${service} stays as it is: ${why}`);
  return results;
}

function outcomeOf(facts: {
  readonly exitCode: number;
  readonly gates: Outcome;
  readonly bad: boolean;
  readonly interrupted: boolean;
}): DeployResult['outcome'] {
  if (facts.exitCode === 0) return 'converged';
  if (facts.gates !== 'converged') return facts.gates;
  if (facts.interrupted) return 'interrupted';
  if (facts.exitCode === EXIT_CODES.unreachable) return 'unreachable';
  if (facts.exitCode === EXIT_CODES.superseded) return 'superseded';
  if (facts.exitCode === EXIT_UNWELL) return 'unwell';
  return facts.bad ? 'probe' : 'failed';
}
