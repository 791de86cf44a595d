import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Finding } from '../terminal/finding';
import { initialize, waitForHolder } from '../terraform/plan';
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
  const text = await readState(stack, run);
  const known = parseContents(text);
  return { known, strange: judgePlatform(known, stack.namespace), text };
}

/** The state, secrets included; empty where there is none. @throws with Terraform's words */
export const readState = async (
  stack: Pick<SynthesizedStack, 'localState'>,
  run: TerraformRun,
): Promise<string> => readLocal(stack, run) ?? (await pullState(run));

/**
 * Waits for up to 10 minutes until nobody holds the state.
 *
 * @throws with Terraform's words, and when the wait is interrupted
 */
export async function untilNobodyHolds(
  stack: Pick<SynthesizedStack, 'localState'>,
  run: TerraformRun,
  onWait: (words: string) => void,
): Promise<void> {
  const local = localFile(stack, run);
  if (local !== undefined && !existsSync(lockInfo(local))) return;
  await waitForHolder(run, onWait);
}

/**
 * What Terraform writes beside a local state once it has locked it, and takes away before it frees it. One that was killed leaves
 * it: Terraform knows of that.
 */
const lockInfo = (state: string): string =>
  join(dirname(state), `.${basename(state).replace(/^\./, '')}.lock.info`);

/** A local state without asking Terraform, which takes a third of a second; undefined where only that can read it. */
function readLocal(stack: Pick<SynthesizedStack, 'localState'>, run: TerraformRun): string | undefined {
  const file = localFile(stack, run);
  if (file === undefined) return undefined;
  try {
    const text = readFileSync(file, 'utf8');
    const { version, lineage, resources } = JSON.parse(text);
    // An encrypted one has other fields.
    return version && lineage && Array.isArray(resources) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Where a local state is; undefined where it is elsewhere, or Terraform alone knows where. */
function localFile(
  { localState }: Pick<SynthesizedStack, 'localState'>,
  { folder, env = {} }: TerraformRun,
): string | undefined {
  const given = { ...process.env, ...env };
  const isElsewhere = given.TF_WORKSPACE || existsSync(join(folder, '.terraform', 'environment'));
  return localState === undefined || isElsewhere ? undefined : resolve(folder, localState);
}
