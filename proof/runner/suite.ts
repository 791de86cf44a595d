import type { Lab } from '../../lab/cluster/infrastructure';
import { LabError } from '../../lab/ground/error';
import { table } from '../../operations/terminal/table';
import { loadPlan, mix } from '../load/mix';
import type { Bench } from '../platform/bench';
import type { Variant } from '../platform/patch';
import { withBench } from './bench';
import { complaints, leftUnapplied } from './complaints';
import { type Measured, measure } from './measure';
import type { Place, Scenario } from './scenario';
import { type Column, details, scenarioTable } from './text';
import type { Wish } from './wish';

/** Scenarios that run one after the other, and how they are told. */
export interface Suite {
  readonly scenarios: readonly Scenario[];
  readonly columns: readonly Column[];
  /** Title of the last line of the table, which adds up what promises that nothing fails. */
  readonly sumTitle: string;
  /** Deployed before the first one. @default the platform as it is written */
  readonly start?: Variant;
  /** Every scenario says what comes before it, so that one that was not applied harms no other. @default false */
  readonly independent?: boolean;
  /** The compose form will not do. @default false */
  readonly needsTerraform?: boolean;
  /** Longest load of one scenario. @default 600 */
  readonly maxSeconds?: number;
  /** Heads of a table of what the watches' rows are. @default none */
  readonly rowsHead?: readonly string[];
  /** Told after the table of all scenarios. @default nothing */
  readonly summary?: (measured: readonly Measured[]) => string;
  /** What is wrong with the run, in a line; `whole` where all scenarios were measured. @default nothing */
  readonly lacks?: (measured: readonly Measured[], whole: boolean) => string | undefined;
}

/** @returns the exit code: 0 when all of it ran and held */
export async function runSuite(lab: Lab, suite: Suite, wish: Wish): Promise<number> {
  const measured: Measured[] = [];
  let stopped = '';
  const stop = (why: string) => {
    stopped ||= why;
  };
  const interrupt = () => stop('interrupted');
  const end = Date.now() + wish.minutes * 60_000;
  const chosen = suite.scenarios.filter(({ name }) => wish.chosen.includes(name));
  await withBench(lab, { patient: wish.patient }, async (place) => {
    process.on('SIGINT', interrupt);
    try {
      await deployStart(place.bench, suite);
      for (const scenario of chosen) {
        if (Date.now() > end) stop(`${wish.minutes} minutes are over`);
        if (stopped) break;
        const one = await runScenario(place, scenario, suite, wish.rate);
        measured.push(one);
        // What comes after it would be measured on something else than is written.
        if (!suite.independent && leftUnapplied(one)) stop(`${scenario.name} was not applied`);
      }
    } finally {
      process.off('SIGINT', interrupt);
    }
  });
  const missing = chosen.slice(measured.length).map(({ name }) => name);
  return conclude(
    suite,
    measured,
    missing.length > 0 ? `not run, ${stopped}: ${missing.join(', ')}` : undefined,
  );
}

async function deployStart(bench: Bench, { start = {}, needsTerraform = false }: Suite): Promise<void> {
  console.log('the platform as it is written, with v1 of every application');
  await bench.deploy(start);
  if (needsTerraform && bench.deploysCompose) {
    throw new LabError(
      'this lab has no Terraform providers',
      'what rotates is what Terraform deploys; install them, then ./proctor lab up',
    );
  }
}

async function runScenario(
  place: Place,
  scenario: Scenario,
  { maxSeconds }: Suite,
  rate: number,
): Promise<Measured> {
  console.log(`\n${scenario.name}: ${scenario.title}`);
  const plan = loadPlan(place.bench.endpoint, mix(place.clients, rate), maxSeconds);
  const one = await measure(place, scenario, plan);
  console.log(details(one));
  for (const line of complaints(one)) console.log(`  BROKEN: ${line}`);
  return one;
}

function conclude(suite: Suite, measured: readonly Measured[], missing: string | undefined): number {
  if (suite.rowsHead) {
    const rows = measured.flatMap(({ scenario, reports }) =>
      reports.flatMap((report) => (report.rows ?? []).map((cells) => [scenario.name, ...cells])),
    );
    console.log(`\n${table([suite.rowsHead, ...rows]).join('\n')}`);
  }
  console.log(`\n${scenarioTable(suite.columns, suite.sumTitle, measured)}\n`);
  if (suite.summary) console.log(`${suite.summary(measured)}\n`);
  const broken = measured.filter((one) => complaints(one).length > 0).map(({ scenario }) => scenario.name);
  const whole = measured.length === suite.scenarios.length;
  const wrong = [
    broken.length > 0 ? `broken: ${broken.join(', ')}` : undefined,
    missing,
    suite.lacks?.(measured, whole),
  ].filter((line) => line !== undefined);
  for (const line of wrong) console.log(line);
  return wrong.length > 0 ? 1 : 0;
}
