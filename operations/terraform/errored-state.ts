import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../terminal/message-of';
import { initialize } from './plan';
import { terraformName } from './program';
import type { TerraformRun } from './run';
import { pushState } from './state-contents';

/** Where Terraform leaves a state that its backend did not take at the end of an apply. */
const ERRORED = 'errored.tfstate';

/**
 * Writes the state that an earlier apply could not write. It is the only one that knows what that apply made: a plan from
 * the older one would make all of it again.
 *
 * @throws where the backend does not take it, since it is away still or has a newer one; the file stays
 */
export async function writeErroredState(run: TerraformRun, say: (line: string) => void): Promise<void> {
  const file = join(run.folder, ERRORED);
  if (!existsSync(file)) return;
  try {
    await initialize(run);
    await pushState(run, readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(
      `an earlier apply could not write its state, which is in ${file}; ${messageOf(error)}\n  ${terraformName()} writes it with the next deploy, once its backend takes it; where somebody has deployed since and it is of no use any more, remove that file`,
    );
  }
  rmSync(file);
  say('the state that an earlier apply could not write is written now');
}
