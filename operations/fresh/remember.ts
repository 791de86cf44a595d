import { withDocker } from '../docker/client';
import { readState } from '../stack/state';
import type { SynthesizedStack } from '../stack/synthesized';
import { firstLineOf } from '../terminal/message-of';
import type { PlanDocument } from '../terraform/document';
import type { TerraformRun } from '../terraform/run';
import { terraformVersion } from '../terraform/version';
import { differencesFromState } from './as-in-state';
import { isAsPlanned } from './as-planned';
import { readHeld } from './held';
import { noteLast } from './last';
import { planInputs } from './plan-inputs';
import { readProviders } from './providers';
import { recordOf, type Sight } from './record';
import { readFacts } from './state-facts';
import { keepRecord } from './store';

/**
 * Records on the server what it holds after a deploy, where that is exactly what the state says: the next plan need not
 * read it again then. Never throws: without a record the next one only takes longer.
 *
 * @param applied the plan of everything that was applied; the next one is proved to be empty where the state is as this one
 * said. @default it was a plan of a part, or nobody has it
 * @returns why nothing was recorded
 */
export async function remember(
  stack: SynthesizedStack,
  run: TerraformRun,
  applied?: PlanDocument,
): Promise<string | undefined> {
  try {
    const text = await readState(stack, run);
    const facts = readFacts(text);
    const inputs = applied && isAsPlanned(applied, text) ? planInputs(stack, run, text) : undefined;
    return await withDocker(stack, async (docker) => {
      const held = await readHeld(docker, facts.known);
      const providers = readProviders(stack.folder);
      return keepIfProved(docker, run, { namespace: stack.namespace, facts, providers, held, inputs });
    });
  } catch (error) {
    return firstLineOf(error);
  }
}

/** The same of what was seen before a plan that has found nothing to do; with `inputs`, it was a plan of just these. */
export async function rememberSight(
  stack: SynthesizedStack,
  run: TerraformRun,
  sight: Sight,
): Promise<string | undefined> {
  try {
    return await withDocker(stack, (docker) => keepIfProved(docker, run, sight));
  } catch (error) {
    return firstLineOf(error);
  }
}

async function keepIfProved(
  docker: Parameters<typeof keepRecord>[0],
  run: TerraformRun,
  sight: Sight,
): Promise<string | undefined> {
  const { namespace, facts, providers, held, inputs } = sight;
  if (namespace === '' || facts.lineage === '' || facts.known.length === 0) return undefined;
  if (held.cluster === '') return 'the Swarm does not say which it is';
  if (providers === '') return 'the versions of the providers are not known';
  const differences = differencesFromState(facts, held);
  if (differences.length > 0) return differences.slice(0, SHOWN).join(', ');
  const emptyPlan = inputs === undefined ? undefined : { inputs, program: await terraformVersion(run) };
  await keepRecord(docker, recordOf(sight, emptyPlan));
  if (emptyPlan) noteLast(run.folder);
  return undefined;
}

const SHOWN = 2;
