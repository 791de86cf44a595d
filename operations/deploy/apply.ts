import { HANDOVER } from '../../contract/handover';
import { EXIT_CODES, EXIT_UNWELL, type Outcome, worst } from '../../contract/outcome';
import type { Shell } from '../../contract/shell';
import { ConnectionError } from '../docker/explain';
import { type Standing, sameSpec, standings } from '../docker/standing';
import type { ReadablePlan } from '../plan/changes/model';
import { givesUpPorts } from '../plan/changes/ports';
import { redactorOfEnvironment } from '../redact/environment';
import type { SynthesizedStack } from '../stack/synthesized';
import { findUnwell } from '../status/unwell';
import type { Board } from '../terminal/board';
import type { Console } from '../terminal/console';
import { apply } from '../terraform/plan';
import type { TerraformResult, TerraformRun } from '../terraform/run';
import { faults } from './faults';
import { begunService, lineOf, passedService } from './progress';
import { type PutBack, planPutBack, putBack } from './put-back';
import { readReports } from './reports';
import type { DeployResult } from './result';
import { nextStep, tellVerdict } from './text';
import { interruptionsOf, type Traffic, watchTraffic } from './traffic';
import { exitCodeOf, runsNow, verdictRows } from './verdict';

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
  /** Called when Terraform has ended; what it does goes on beside the last looks. */
  readonly onEnd: (applied: boolean) => void;
}

type Applied = Pick<DeployResult, 'outcome' | 'exitCode' | 'services' | 'probe' | 'runs' | 'error'>;
type Standings = ReadonlyMap<string, Standing>;

/** Applies the plan, shows the gates' lines, probes meanwhile, puts back what is to be put back, and tells what runs. */
export async function applyAndWatch(props: ApplyProps): Promise<Applied> {
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
  props.onEnd(result.code === 0);
  const probe = (await traffic?.end()) ?? null;
  console.endBoard();

  const reports = readReports(props.reports);
  const applied = result.code === 0;
  const errors = faults(result, reports, signal.aborted);
  for (const error of errors) console.fault(error);
  // Else the connection that all share may be the one that died.
  const reached = applied || reports.some((report) => report.outcome !== 'unreachable');
  let now = await askStandings(stack, !reached);
  const touched = findTouched(before, now);
  const bad = (probe?.breaches.length ?? 0) > 0;
  const wanted =
    (!applied && settings.onFailure === 'put-back') || (bad && settings.probe?.onFailure === 'rollback');
  const putBacks = wanted && now ? await putAllBack(props, before, now, begun) : [];
  if (putBacks.length > 0) now = await askStandings(stack, true);

  const rows = verdictRows({ changes: summary.services, services, reports, putBacks, applied, touched });
  // Their gates ended early, for a port waited: what they would have seen since is seen here.
  const unwell = applied && now ? await findUnwell({ ...stack, services: givers(props) }) : [];
  for (const line of unwell) console.fault(line);
  const judged = exitCodeOf({ applied, reports, unreachable: !now, probeFailed: bad });
  const exitCode = judged === 0 && unwell.length > 0 ? EXIT_UNWELL : judged;
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
  const all = [...reasons, ...unwell, ...(probe?.breaches ?? []), ...errors];
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
): Promise<TerraformResult> {
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
  return apply(run, props.waits);
}

/** Services that give up a published port to another one of this deploy. */
const givers = ({ stack, summary }: ApplyProps) =>
  stack.services.filter(({ id }) =>
    summary.services.some((change) => change.service === id && givesUpPorts(change)),
  );

/** Undefined where the server does not answer any more. */
async function askStandings(stack: SynthesizedStack, fresh: boolean): Promise<Standings | undefined> {
  try {
    return await standings(stack, fresh);
  } catch (error) {
    if (error instanceof ConnectionError) return undefined;
    throw error;
  }
}

/** Names of services that are not what they were. */
function findTouched(before: Standings, now: Standings | undefined): Set<string> {
  const names = [...(now ?? [])].filter(([name, { spec }]) => !sameSpec(before.get(name)?.spec, spec));
  return new Set(names.map(([name]) => name));
}

async function putAllBack(
  { stack, console, shell }: ApplyProps,
  before: Standings,
  now: Standings,
  // What is only planned, another deploy may have done while this one waited for the state.
  begun: ReadonlySet<string>,
): Promise<PutBack[]> {
  const plan = planPutBack(stack, before, now, begun);
  console.part('put back');
  if (plan.waves.length === 0) console.say('  nothing: every stateless service is as it was before');
  const target = { ...stack, redactor: redactorOfEnvironment(shell) };
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
  if (facts.exitCode === EXIT_UNWELL) return 'unwell';
  return facts.bad ? 'probe' : 'failed';
}
