import { isDroppedAtTheDoor } from './words';

/** Where sshd drops a connection before the login, it is made again after these, longer and longer; the last is told. */
const AGAIN_AFTER_MS = [300, 600, 1_200, 2_400, 4_800, 4_800];

/** All of them together, at the longest. */
export const TRIED_FOR_MS = AGAIN_AFTER_MS.reduce((sum, wait) => sum + wait * 1.5, 0);

/**
 * In how many milliseconds a login may be tried again of which ssh said this.
 *
 * @returns undefined where it was no drop for want of room, or one too many
 */
export function waitBeforeAgain(said: string, tries: number): number | undefined {
  const wait = AGAIN_AFTER_MS[tries];
  // Not all at the same moment, whose turn it is: that is what there was no room for.
  return wait !== undefined && isDroppedAtTheDoor(said) ? wait * (0.5 + Math.random()) : undefined;
}
