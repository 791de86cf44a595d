import type { Measured, StepEnd } from './measure';
import type { Scenario, Step } from './scenario';

/** What is not as it should be, one line each. */
export function complaints({ scenario, load, ends, reports }: Measured): string[] {
  const { failing, steps } = scenario;
  const wrong: string[] = [];
  if (load.requests < 100) wrong.push(`only ${load.requests} requests: nothing was measured`);
  if (failing === 'none' && load.failed > 0) wrong.push(`${load.failed} requests failed, none may`);
  const gets = load.failed - load.failedPosts;
  if (failing === 'gets' && gets > 0) wrong.push(`${gets} GETs failed, none may`);
  if (failing === 'must' && load.failed === 0) {
    wrong.push('a control in which nothing failed: failures are not seen');
  }
  wrong.push(...ends.flatMap((end, index) => complaintOf(steps[index] ?? {}, end, failing) ?? []));
  return [...wrong, ...reports.flatMap((report) => report.wrong)];
}

function complaintOf(step: Step, end: StepEnd, failing: Scenario['failing']): string | undefined {
  if (step.cut) {
    return end.cut ? undefined : `the deploy was never at ${step.cut.line}, so it was not cut off`;
  }
  if (step.apply === 'badly') {
    return end.failure === undefined ? 'the apply succeeded, although the image is bad' : undefined;
  }
  return isUnapplied(step, end) && failing !== 'must' ? `the apply failed: ${end.failure}` : undefined;
}

/** Whether something else runs now than a scenario says. */
export const leftUnapplied = ({ scenario, ends }: Measured): boolean =>
  ends.some((end, index) => isUnapplied(scenario.steps[index] ?? {}, end));

const isUnapplied = (step: Step, { failure }: StepEnd): boolean =>
  failure !== undefined && step.apply !== 'badly' && !step.cut;
