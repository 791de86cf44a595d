import type { SynthesizedStack } from '../stack/synthesized';
import type { PlanDocument } from '../terraform/document';
import { isInitialized, plan } from '../terraform/plan';
import type { TerraformRun } from '../terraform/run';
import { openView, planOptionsOf, type View } from './open';

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
 * Looks whether the state is proved fresh and, where it is, plans: neither changes anything, so that nobody has to wait
 * with it for the checks.
 */
export function beginEarly({ stack, terraform, refresh, waits }: EarlyProps): Early {
  const stopping = new AbortController();
  const signal = AbortSignal.any([stopping.signal, ...(terraform.signal ? [terraform.signal] : [])]);
  const run = { ...terraform, signal };
  const view = isInitialized(run) ? openView(stack, run, refresh) : Promise.resolve(undefined);
  const planned = view.then(async (seen) => {
    if (!seen || seen.refresh !== undefined || seen.strange.length > 0 || signal.aborted) return undefined;
    return { document: plan(run, waits, { more: planOptionsOf(seen) }) };
  });
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
