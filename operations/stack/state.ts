import { withDocker } from '../docker/client';
import type { Finding } from '../terminal/finding';
import { initialize } from '../terraform/plan';
import type { TerraformRun } from '../terraform/run';
import { type KnownObject, readContents } from '../terraform/state-contents';
import { judgePlatform, judgeServer, type RunningService } from './belonging';
import type { SynthesizedStack } from './synthesized';

export interface OpenedState {
  readonly known: readonly KnownObject[];
  /** Why it is not the one of this platform on this server. */
  readonly strange: readonly Finding[];
}

/**
 * Prepares Terraform for its state, reads that, and looks whether it is ours.
 *
 * @param isLost what runs need not be in it: that is what is to be brought back
 * @throws what is no answer to that
 */
export async function openState(
  stack: SynthesizedStack,
  run: TerraformRun,
  { isLost = false } = {},
): Promise<OpenedState> {
  await initialize(run);
  const known = await readContents(run);
  const strange = judgePlatform(known, stack.namespace);
  if (isLost) return { known, strange };
  return { known, strange: [...strange, ...judgeServer(known, stack, await runningServices(stack))] };
}

function runningServices({ host, sshOptions }: SynthesizedStack): Promise<RunningService[]> {
  return withDocker({ host, sshOptions }, async (docker) =>
    (await docker.services()).map(({ ID, Spec }) => ({ id: ID, name: Spec.Name ?? '' })),
  );
}
