import { withDocker } from '../docker/client';
import { readState } from '../stack/state';
import type { SynthesizedStack } from '../stack/synthesized';
import { firstLineOf } from '../terminal/message-of';
import type { PlanDocument } from '../terraform/document';
import type { TerraformRun } from '../terraform/run';
import { terraformVersion, versionIn } from '../terraform/version';
import { differencesFromState } from './as-in-state';
import { isAsPlanned } from './as-planned';
import { readHeld } from './held';
import { noteEmpty } from './last-empty';
import type { View } from './open';
import { keyed, type PlanInputs, planInputs } from './plan-inputs';
import { readProviders } from './providers';
import { type EmptyPlan, recordOf, type Sight } from './record';
import { readFacts } from './state-facts';
import { keepRecord } from './store';

/** What a deploy has applied. */
export interface AppliedPlan {
  /** Of everything. */
  readonly document: PlanDocument;
  /** Of what the plan was made. */
  readonly inputs: PlanInputs | undefined;
}

/**
 * Records on the server what it holds after a deploy, where that is exactly what the state says: the next plan need not
 * read it again then. Never throws: without a record the next one only takes longer.
 *
 * @param applied where the state is as its plan said, the next plan of the same is proved to be empty. @default it was a plan of
 * a part, or nobody has it
 * @returns why nothing was recorded
 */
export async function remember(
  stack: SynthesizedStack,
  run: TerraformRun,
  applied?: AppliedPlan,
): Promise<string | undefined> {
  try {
    const text = await readState(stack, run);
    const facts = readFacts(text);
    const hash = applied && isAsPlanned(applied.document, text) ? applied.inputs?.hash : undefined;
    const inputs = hash === undefined ? undefined : { hash, keyed: keyed(hash, text) };
    return await withDocker(stack, async (docker) => {
      const held = await readHeld(docker, facts.known);
      const sight = { namespace: stack.namespace, facts, providers: readProviders(stack.folder), held };
      const version = () => versionIn(applied?.document ?? {});
      return keepIfProved(docker, sight, () => proofOf(stack, run, inputs, version));
    });
  } catch (error) {
    return firstLineOf(error);
  }
}

/**
 * After a plan that has found nothing to do, what was seen before it; see `remember`.
 *
 * @param whole whether it was a plan of everything, and of the state that was seen
 */
export async function rememberView(
  stack: SynthesizedStack,
  run: TerraformRun,
  { sight, inputs, refresh, isEmpty }: View,
  whole: boolean,
): Promise<string | undefined> {
  // Then the record says so already.
  if (!sight || isEmpty || (refresh === undefined && !(whole && inputs))) return undefined;
  const why = await rememberSight(stack, run, sight, whole ? inputs : undefined);
  return refresh === undefined ? undefined : why;
}

async function rememberSight(
  stack: SynthesizedStack,
  run: TerraformRun,
  sight: Sight,
  inputs: PlanInputs | undefined,
): Promise<string | undefined> {
  try {
    const version = () => terraformVersion(run);
    return await withDocker(stack, (docker) =>
      keepIfProved(docker, sight, () => proofOf(stack, run, inputs, version)),
    );
  } catch (error) {
    return firstLineOf(error);
  }
}

async function proofOf(
  stack: SynthesizedStack,
  run: TerraformRun,
  inputs: PlanInputs | undefined,
  version: () => string | undefined | Promise<string | undefined>,
): Promise<EmptyPlan | undefined> {
  // A file that has changed since: nothing was planned of that.
  if (!inputs || planInputs(stack, run) !== inputs.hash) return undefined;
  const terraform = await version();
  if (terraform === undefined) return undefined;
  noteEmpty(stack.folder);
  return { inputs: inputs.keyed, terraform };
}

async function keepIfProved(
  docker: Parameters<typeof keepRecord>[0],
  sight: Sight,
  emptyPlan: () => Promise<EmptyPlan | undefined>,
): Promise<string | undefined> {
  const { namespace, facts, providers, held } = sight;
  if (namespace === '' || facts.lineage === '' || facts.known.length === 0) return undefined;
  if (held.cluster === '') return 'the Swarm does not say which it is';
  if (providers === '') return 'the versions of the providers are not known';
  const differences = differencesFromState(facts, held);
  if (differences.length > 0) return differences.slice(0, SHOWN).join(', ');
  await keepRecord(docker, recordOf(sight, await emptyPlan()));
  return undefined;
}

const SHOWN = 2;
