import { withDocker } from '../docker/client';
import { readState } from '../stack/state';
import type { SynthesizedStack } from '../stack/synthesized';
import { firstLineOf } from '../terminal/message-of';
import type { TerraformRun } from '../terraform/run';
import { differencesFromState } from './as-in-state';
import { readHeld } from './held';
import { readProviders } from './providers';
import { recordOf, type Sight } from './record';
import { readFacts } from './state-facts';
import { keepRecord } from './store';

/**
 * Records on the server what it holds after a deploy, where that is exactly what the state says: the next plan need not
 * read it again then. Never throws: without a record the next one only takes longer.
 *
 * @returns why nothing was recorded
 */
export async function remember(stack: SynthesizedStack, run: TerraformRun): Promise<string | undefined> {
  try {
    const facts = readFacts(await readState(stack, run));
    return await withDocker(stack, async (docker) => {
      const held = await readHeld(docker, facts.known);
      const providers = readProviders(stack.folder);
      return keepIfProved(docker, { namespace: stack.namespace, facts, providers, held });
    });
  } catch (error) {
    return firstLineOf(error);
  }
}

/** The same of what was seen before a plan that has found nothing to do. */
export async function rememberSight(stack: SynthesizedStack, sight: Sight): Promise<string | undefined> {
  try {
    return await withDocker(stack, (docker) => keepIfProved(docker, sight));
  } catch (error) {
    return firstLineOf(error);
  }
}

async function keepIfProved(
  docker: Parameters<typeof keepRecord>[0],
  sight: Sight,
): Promise<string | undefined> {
  const { namespace, facts, providers, held } = sight;
  if (namespace === '' || facts.lineage === '' || facts.known.length === 0) return undefined;
  if (held.cluster === '') return 'the Swarm does not say which it is';
  if (providers === '') return 'the versions of the providers are not known';
  const differences = differencesFromState(facts, held);
  if (differences.length > 0) return differences.slice(0, SHOWN).join(', ');
  await keepRecord(docker, recordOf(sight));
  return undefined;
}

const SHOWN = 2;
