import { withDocker } from '../docker/client';
import type { Namespaced } from '../docker/standing';
import { harmless } from '../terminal/untrusted';
import { lockInWords, readLock } from './lock';

/**
 * Who has locked deploys, since when and why; undefined where nobody has.
 *
 * @throws what the server says where it does not tell
 */
export async function askLock(stack: Namespaced): Promise<string | undefined> {
  const lock = await withDocker(stack, (docker) => readLock(docker, stack.namespace));
  return lock && harmless(lockInWords(lock));
}

/** The same for a look that decides nothing: a server that does not answer has no lock. */
export const lockOn = (stack: Namespaced): Promise<string | undefined> =>
  askLock(stack).catch(() => undefined);
