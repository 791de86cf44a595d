import { withDocker } from '../docker/client';
import type { Namespaced } from '../docker/standing';
import { lockOn } from '../records/locked';
import { isBeingRestored } from './writers';

/**
 * Why nobody may deploy now, with what to do; undefined where everybody may. A server that does not answer has no lock:
 * the checks that follow say what is wrong with it, and a bare one has no Docker yet.
 */
export async function lockedBy(stack: Namespaced): Promise<string | undefined> {
  const [lock, restored] = await Promise.all([
    lockOn(stack),
    withDocker(stack, (docker) => isBeingRestored(docker, stack.namespace)).catch(() => false),
  ]);
  if (restored)
    return 'a restore is under way, and a deploy would start who writes; nothing was changed\n  let it end, then deploy';
  return lock && `${lock}; nothing was changed\n  when that is over: ./proctor unlock`;
}
