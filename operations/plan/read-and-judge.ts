import type { Shell } from '../../contract/shell';
import { withDocker } from '../docker/client';
import { judgeNeeds, type PolicyDecision } from '../policy/acknowledgements';
import type { Need } from '../policy/need';
import { decisionLines } from '../policy/text';
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
  readonly shell: Shell;
  readonly projectFolder: string;
  readonly acknowledge: readonly string[];
  /** What a deploy does on the server itself under the same policy. */
  readonly hostNeeds: readonly Need[];
}

/** A plan, read and judged. */
export interface JudgedPlan {
  readonly plan: ReadablePlan;
  readonly verdict: PolicyDecision;
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
  const verdict = judgeNeeds({ needs, refusals: plan.refusals }, props.acknowledge);
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
  const lines = [...planLines(plan, capacity, hostNeeds), ...decisionLines(verdict)];
  redactor.check(lines.join('\n'), 'the plan');
  for (const line of lines) console.say(`  ${line}`);
}

async function askCapacity(stack: SynthesizedStack, plan: ReadablePlan): Promise<Capacity | undefined> {
  try {
    return await withDocker(stack, async (docker) => {
      const services = await docker.services();
      return capacityOf(plan, stack.services, await gatherCapacity(docker, services, stack.namespace));
    });
  } catch {
    // Terraform has just reached the server: the plan is worth telling without this line.
    return undefined;
  }
}
