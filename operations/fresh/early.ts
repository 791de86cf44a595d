import { untilNobodyHolds } from '../stack/state';
import type { SynthesizedStack } from '../stack/synthesized';
import type { PlanDocument } from '../terraform/document';
import { isInitialized, plan } from '../terraform/plan';
import type { TerraformRun } from '../terraform/run';
import { isLikeLastEmpty, noteEmpty } from './last-empty';
import { openView, planOptionsOf, type View, WITHOUT_READING } from './open';

/** A plan under way; see `plan` for what it resolves to. */
export interface Planned {
  readonly document: Promise<PlanDocument | undefined>;
}

/** What was begun beside something else. Each rejects with what it would have thrown in its own place. */
export interface Early {
  /** Undefined where Terraform has still to be prepared. */
  readonly view: Promise<View | undefined>;
  /** Undefined where everything has to be read first. */
  readonly planned: Promise<Planned | undefined>;
  /** Ends it in good order, where it is still under way. */
  stop(): Promise<void>;
}

export interface EarlyProps {
  readonly stack: SynthesizedStack;
  readonly terraform: TerraformRun;
  readonly refresh: boolean;
  readonly waits: (words: string) => void;
}

/**
 * Looks whether the state is proved fresh and, at the same time, plans as if it were: neither changes anything, so that
 * nobody has to wait with it for the checks. A plan for which it is not proved, or which is proved to be empty, ends in
 * good order and is not used.
 */
export function beginEarly({ stack, terraform, refresh, waits }: EarlyProps): Early {
  const stopping = new AbortController();
  const signal = AbortSignal.any([stopping.signal, ...(terraform.signal ? [terraform.signal] : [])]);
  const run = { ...terraform, signal };
  if (!isInitialized(run)) {
    const nothing = Promise.resolve(undefined);
    return { view: nothing, planned: nothing, stop: async () => {} };
  }
  const view = openView(stack, run, refresh);
  const planned = refresh ? Promise.resolve(undefined) : planMeanwhile(stack, view, run, waits);
  const settled = Promise.allSettled([view, planned.then((made) => made?.document)]);
  return {
    view,
    planned,
    stop: async () => {
      stopping.abort();
      await settled;
    },
  };
}

async function planMeanwhile(
  stack: SynthesizedStack,
  view: Promise<View>,
  run: TerraformRun & { readonly signal: AbortSignal },
  waits: (words: string) => void,
): Promise<Planned | undefined> {
  const inVain = new AbortController();
  const signal = AbortSignal.any([run.signal, inVain.signal]);
  // Else there is most likely nothing to plan, and Terraform would be in the way of those who find that out.
  const begun = isLikeLastEmpty(run.folder)
    ? undefined
    : begin(plan({ ...run, signal }, waits, { more: WITHOUT_READING }));
  const seen = await view.catch(() => undefined);
  if (begun && isFresh(seen) && !seen.isEmpty && !signal.aborted) return begun;
  inVain.abort();
  // The next plan writes to the same files, and needs the lock.
  await Promise.allSettled([begun?.document]);
  if (!isFresh(seen) || run.signal.aborted) return undefined;
  if (seen.isEmpty) noteEmpty(run.folder);
  return begin(planOf(stack, seen, run, waits));
}

/** Who asks for it gets its error; nobody asks for one that is not used. */
function begin(document: Planned['document']): Planned {
  document.catch(() => {});
  return { document };
}

/** Whether a plan that reads nothing is good. */
const isFresh = (seen: View | undefined): seen is View =>
  seen !== undefined && seen.refresh === undefined && seen.strange.length === 0;

/** A plan of what a view has seen; of one that is proved to be empty, the wait for whoever holds the state alone. */
export const planOf = (
  stack: SynthesizedStack,
  view: View,
  run: TerraformRun,
  waits: (words: string) => void,
  more: readonly string[] = [],
): Promise<PlanDocument | undefined> =>
  view.isEmpty
    ? untilNobodyHolds(stack, run, waits).then(() => undefined)
    : plan(run, waits, { more: [...planOptionsOf(view), ...more] });
