import { connect } from '../docker/connect';
import type { Service } from '../docker/snapshot';
import { within } from '../docker/within';
import { judge, type Verdict } from '../policy/acknowledgements';
import type { Need } from '../policy/need';
import { verdictLines } from '../policy/text';
import { gatherCapacity } from '../preflight/capacity';
import { gatherPair } from '../preflight/certificate';
import type { Redactor } from '../stack/redactor';
import type { SynthesizedStack } from '../stack/synthesized';
import type { Console } from '../terminal/console';
import type { PlanDocument } from '../terraform/document';
import { type Capacity, capacityOf } from './capacity';
import type { ReadablePlan } from './changes/model';
import { readPlan } from './changes/read-plan';
import { planLines } from './text';

export interface ReadAndJudgeProps {
  readonly stack: SynthesizedStack;
  readonly document: PlanDocument;
  readonly shell: Readonly<Record<string, string | undefined>>;
  readonly projectFolder: string;
  readonly acknowledge: readonly string[];
  /** What a deploy does on the server itself under the same policy. */
  readonly hostNeeds: readonly Need[];
}

/** A plan, read and judged. */
export interface JudgedPlan {
  readonly plan: ReadablePlan;
  readonly verdict: Verdict;
  /** Undefined where the server could not be asked. */
  readonly capacity: Capacity | undefined;
}

/** Reads a plan, asks the server what it has room for, and judges it by the policy. */
export async function readAndJudge(props: ReadAndJudgeProps): Promise<JudgedPlan> {
  const { stack, document, shell, projectFolder } = props;
  const { settings, services } = stack;
  const provided = gatherPair(settings, shell, projectFolder);
  const plan = readPlan(document, { settings, services, provided, now: new Date() });
  const needs = [...props.hostNeeds, ...plan.needs];
  const verdict = judge({ needs, refusals: plan.refusals }, props.acknowledge);
  return { plan, verdict, capacity: await askCapacity(stack, plan) };
}

/**
 * Says the plan and the verdict.
 *
 * @param hostNeeds what is still to come on the server itself
 * @throws {LeakError} before anything is said, when it would show a secret
 */
export function tellPlan(
  console: Console,
  { plan, capacity, verdict }: JudgedPlan,
  redactor: Redactor,
  hostNeeds: readonly Need[] = [],
): void {
  const lines = [...planLines(plan, capacity, hostNeeds), ...verdictLines(verdict)];
  redactor.check(lines.join('\n'), 'the plan');
  for (const line of lines) console.say(`  ${line}`);
}

async function askCapacity(stack: SynthesizedStack, plan: ReadablePlan): Promise<Capacity | undefined> {
  const connection = connect(stack);
  try {
    const services = (await within(connection.docker.listServices())) as unknown as Service[];
    return capacityOf(
      plan,
      stack.services,
      await within(gatherCapacity(connection.docker, services, stack.namespace)),
    );
  } catch {
    // Terraform has just reached the server: the plan is worth telling without this line.
    return undefined;
  } finally {
    connection.close();
  }
}
