import type { Shell } from '../../contract/shell';
import type { Service } from '../docker/answers';
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
import { heldPorts } from './held-ports';
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
  const read = readPlan(document, { settings, services, provided, now: new Date() });
  const server = await askServer(stack, read);
  const refusals = [...read.refusals, ...heldPorts(server?.running ?? [], stack, document)];
  const plan = { ...read, refusals };
  const verdict = judgeNeeds({ needs: [...props.hostNeeds, ...plan.needs], refusals }, props.acknowledge);
  return { plan, verdict, capacity: server?.capacity };
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

interface ServerFacts {
  readonly running: readonly Service[];
  readonly capacity: Capacity;
}

async function askServer(stack: SynthesizedStack, plan: ReadablePlan): Promise<ServerFacts | undefined> {
  try {
    return await withDocker(stack, async (docker) => {
      const running = await docker.services();
      const facts = await gatherCapacity(docker, running, stack.namespace);
      return { running, capacity: capacityOf(plan, stack.services, facts) };
    });
  } catch {
    // Terraform has just reached the server: the plan is worth telling without what it would say.
    return undefined;
  }
}
