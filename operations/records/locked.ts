import { withDocker } from '../docker/client';
import type { Namespaced } from '../docker/standing';
import { harmless } from '../terminal/untrusted';
import { lockInWords, readLock } from './lock';

/** Who has locked deploys, since when and why; undefined where nobody has, and where the server does not answer. */
export async function lockOn(stack: Namespaced): Promise<string | undefined> {
  const lock = await withDocker(stack, (docker) => readLock(docker, stack.namespace)).catch(() => undefined);
  return lock && harmless(lockInWords(lock));
}
