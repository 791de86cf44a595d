import { withDocker } from '../docker/client';
import type { Namespaced } from '../docker/standing';
import { askLock, lockOn } from '../records/locked';
import { isBeingRestored } from './writers';

/**
 * Why nobody may deploy now, with what to do; undefined where everybody may. A server that does not answer has no lock:
 * the checks that follow say what is wrong with it, and a bare one has no Docker yet.
 */
export async function lockedBy(stack: Namespaced): Promise<string | undefined> {
  const [lock, restored] = await Promise.all([lockOn(stack), askRestore(stack).catch(() => false)]);
  return inWords(lock, restored);
}

/**
 * The same in the last look before something is applied: nothing comes after it that would find out.
 *
 * @throws what the server says where it does not tell
 */
export async function lockedAtLast(stack: Namespaced): Promise<string | undefined> {
  const [lock, restored] = await Promise.all([askLock(stack), askRestore(stack)]);
  return inWords(lock, restored);
}

const askRestore = (stack: Namespaced): Promise<boolean> =>
  withDocker(stack, (docker) => isBeingRestored(docker, stack.namespace));

function inWords(lock: string | undefined, restored: boolean): string | undefined {
  if (restored)
    return 'a restore is under way, and a deploy would start who writes; nothing was changed\n  let it end, then deploy';
  return lock && `${lock}; nothing was changed\n  when that is over: ./proctor unlock`;
}
