import type { Service } from '../docker/answers';
import { type DockerClient, withDocker } from '../docker/client';
import { judgeServer } from '../stack/belonging';
import { openState, readState } from '../stack/state';
import type { SynthesizedStack } from '../stack/synthesized';
import type { Finding } from '../terminal/finding';
import { firstLineOf } from '../terminal/message-of';
import type { TerraformRun } from '../terraform/run';
import type { KnownObject } from '../terraform/state-contents';
import { changesBetween, readHeld } from './held';
import { readProviders } from './providers';
import { type Sight, whyNotFresh } from './record';
import { readFacts, type StateFacts } from './state-facts';
import { readRecords } from './store';

/** A platform's state beside its server, before a plan. */
export interface View {
  readonly known: readonly KnownObject[];
  /** Why it is not the state of this platform on this server. */
  readonly strange: readonly Finding[];
  /** Why Terraform has to read everything again; undefined where it is proved to know it. */
  readonly refresh: string | undefined;
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
  const { known, strange, text } = await openState(stack, run);
  return withDocker(stack, async (docker) => {
    const services = await docker.services();
    const running = services.map(({ ID, Spec }) => ({ id: ID, name: Spec.Name ?? '' }));
    const belongs = { known, strange: [...strange, ...judgeServer(known, stack, running)] };
    try {
      const looked = await look(docker, stack, readFacts(text), services);
      return { ...belongs, ...looked, ...(refresh ? { refresh: 'as asked' } : {}) };
    } catch (error) {
      // An answer that nobody expected keeps no plan from being made as it always was.
      const refresh = `what the server holds cannot be told: ${firstLineOf(error)}`;
      return { ...belongs, refresh, sight: undefined };
    }
  });
}

async function look(
  docker: DockerClient,
  stack: SynthesizedStack,
  facts: StateFacts,
  services: readonly Service[],
): Promise<Pick<View, 'refresh' | 'sight'>> {
  const held = await readHeld(docker, facts.known, services);
  const sight = { namespace: stack.namespace, facts, providers: readProviders(stack.folder), held };
  return { sight, refresh: whyNotFresh(sight, await readRecords(docker, stack.namespace)) };
}

/** How Terraform plans from its state alone. */
export const WITHOUT_READING: readonly string[] = ['-refresh=false'];

/** What Terraform is told besides, and what people are. */
export const planOptionsOf = ({ refresh }: View): readonly string[] =>
  refresh === undefined ? WITHOUT_READING : [];

/** Nothing where there is nothing to read yet. */
export function inWords({ refresh, known }: View): string[] {
  if (known.length === 0) return [];
  return [
    refresh === undefined
      ? 'the server holds exactly what the last deploy left: Terraform need not read it again'
      : `everything is read from the server: ${refresh}`,
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
