import { withDocker } from '../../docker/client';
import type { SynthesizedStack } from '../../stack/synthesized';
import { rememberRepository } from '../facts';
import { forgetStopped } from '../writers';

/**
 * After a deploy, which starts who a restore had stopped, and remembers which repository has the backups. Where it cannot be done,
 * the next one does it.
 */
export async function forgetRestore(
  stack: Pick<SynthesizedStack, 'host' | 'sshOptions' | 'settings'>,
): Promise<void> {
  const { backup } = stack.settings;
  if (!backup) return;
  const namespace = backup.service.slice(0, backup.service.lastIndexOf('_'));
  await withDocker(stack, async (docker) => {
    await forgetStopped(docker, namespace);
    await rememberRepository(docker, backup);
  }).catch(() => {});
}
