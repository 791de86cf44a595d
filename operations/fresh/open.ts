import type { Service } from '../docker/answers';
import { type DockerClient, withDocker } from '../docker/client';
import { judgeServer } from '../stack/belonging';
import { openState, readState } from '../stack/state';
import type { SynthesizedStack } from '../stack/synthesized';
import type { Finding } from '../terminal/finding';
import { firstLineOf } from '../terminal/message-of';
import type { TerraformRun } from '../terraform/run';
import type { KnownObject } from '../terraform/state-contents';
import { terraformVersion } from '../terraform/version';
import { changesBetween, readHeld } from './held';
import { keyed, type PlanInputs, planInputs } from './plan-inputs';
import { readProviders } from './providers';
import { emptyPlanOf, type Sight, whyNotFresh } from './record';
import { readFacts, type StateFacts } from './state-facts';
import { readRecords } from './store';

/** A platform's state beside its server, before a plan. */
export interface View {
  readonly known: readonly KnownObject[];
  /** Why it is not the state of this platform on this server. */
  readonly strange: readonly Finding[];
  /** Why Terraform has to read everything again; undefined where it is proved to know it. */
  readonly refresh: string | undefined;
  /** It is proved, too, that Terraform would plan nothing: nobody need ask it. @default false */
  readonly isEmpty?: boolean;
  /** What a plan is made of. @default nobody can tell */
  readonly inputs?: PlanInputs;
  /** Undefined where the server could not be looked at in full. */
  readonly sight: Sight | undefined;
}

/**
 * Prepares Terraform for its state, reads that and the server, and looks whether they belong together, and whether a
 * record proves that nothing has changed since.
 *
 * @param refresh read everything again, whatever is proved
 * @throws what is no answer to that
 */
export async function openView(stack: SynthesizedStack, run: TerraformRun, refresh: boolean): Promise<View> {
  // Before whoever plans meanwhile has read a file.
  const hash = planInputs(stack, run);
  const { known, strange, text } = await openState(stack, run);
  return withDocker(stack, async (docker) => {
    const services = await docker.services();
    const running = services.map(({ ID, Spec }) => ({ id: ID, name: Spec.Name ?? '' }));
    const belongs = { known, strange: [...strange, ...judgeServer(known, stack, running)] };
    try {
      const inputs = hash === undefined ? undefined : { hash, keyed: keyed(hash, text) };
      const looked = await look(docker, stack, run, readFacts(text), { services, inputs, refresh });
      return { ...belongs, ...looked };
    } catch (error) {
      // An answer that nobody expected keeps no plan from being made as it always was.
      const refresh = `what the server holds cannot be told: ${firstLineOf(error)}`;
      return { ...belongs, refresh, sight: undefined };
    }
  });
}

interface Looking {
  readonly services: readonly Service[];
  readonly inputs: PlanInputs | undefined;
  readonly refresh: boolean;
}

async function look(
  docker: DockerClient,
  stack: SynthesizedStack,
  run: TerraformRun,
  facts: StateFacts,
  { services, inputs, refresh }: Looking,
): Promise<Pick<View, 'refresh' | 'isEmpty' | 'inputs' | 'sight'>> {
  const held = await readHeld(docker, facts.known, services);
  const { namespace, folder } = stack;
  const sight = { namespace, facts, providers: readProviders(folder), held };
  const seen = { sight, ...(inputs ? { inputs } : {}) };
  if (refresh) return { ...seen, refresh: 'as asked' };
  const records = await readRecords(docker, namespace);
  const why = whyNotFresh(sight, records);
  const empty = why === undefined && inputs ? emptyPlanOf(sight, inputs.keyed, records) : undefined;
  // Another version may plan otherwise.
  const isEmpty = empty !== undefined && empty.terraform === (await terraformVersion(run));
  return { ...seen, refresh: why, ...(isEmpty ? { isEmpty } : {}) };
}

/** How Terraform plans from its state alone. */
export const WITHOUT_READING: readonly string[] = ['-refresh=false'];

/** What Terraform is told besides, and what people are. */
export const planOptionsOf = ({ refresh }: View): readonly string[] =>
  refresh === undefined ? WITHOUT_READING : [];

/** Nothing where there is nothing to read yet. */
export function inWords({ refresh, isEmpty, known }: View): string[] {
  if (known.length === 0) return [];
  if (refresh !== undefined) return [`everything is read from the server: ${refresh}`];
  return [
    `the server holds exactly what the last deploy left${isEmpty ? ', and there is nothing new to plan' : ': Terraform need not read it again'}`,
  ];
}

/**
 * Whether the state is another one than a view saw. A plan waits for whoever holds it and is then made of what they left:
 * where it reads nothing from the server, that was proved of nothing.
 *
 * @throws with Terraform's words
 */
export async function hasStateMoved(
  stack: SynthesizedStack,
  run: TerraformRun,
  { sight }: View,
): Promise<boolean> {
  if (!sight) return false;
  const now = readFacts(await readState(stack, run));
  return (['lineage', 'serial', 'digest'] as const).some((field) => now[field] !== sight.facts[field]);
}

/**
 * What has changed on the server since a view, of what the state knows. A plan that was made from it would overwrite that:
 * the provider takes the version of a service that it finds when it updates it.
 */
export async function changedSince(stack: SynthesizedStack, { sight }: View): Promise<string[]> {
  if (!sight) return [];
  const { facts, held } = sight;
  const now = await withDocker(stack, (docker) => readHeld(docker, facts.known));
  const moved = now.cluster === held.cluster ? [] : ['the Swarm is another one'];
  return [...moved, ...changesBetween(held.objects, now.objects)];
}
