import type { Finding } from '../terminal/finding';
import { initialize } from '../terraform/plan';
import type { TerraformRun } from '../terraform/run';
import { type KnownObject, parseContents, pullState } from '../terraform/state-contents';
import { judgePlatform } from './belonging';
import type { SynthesizedStack } from './synthesized';

export interface OpenedState {
  readonly known: readonly KnownObject[];
  /** Why it is not the one of this platform. */
  readonly strange: readonly Finding[];
  /** All of it, with its secrets: nothing may print it. */
  readonly text: string;
}

/**
 * Prepares Terraform for its state, reads that, and looks whether it is this platform's.
 *
 * @throws what is no answer to that
 */
export async function openState(stack: SynthesizedStack, run: TerraformRun): Promise<OpenedState> {
  await initialize(run);
  const text = await pullState(run);
  const known = parseContents(text);
  return { known, strange: judgePlatform(known, stack.namespace), text };
}
