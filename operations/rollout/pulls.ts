import { isWanted, type Snapshot, slotOf } from '../docker/snapshot';

/** What is known of images that are being pulled; times in seconds. */
export interface Pulls {
  /** How long each slot was seen at it. */
  readonly bySlot: ReadonlyMap<string, number>;
  /** By how much the wait is longer for it: pulls at the same time count once, one after the other each. */
  readonly seconds: number;
  /** The last look. */
  readonly last?: { readonly slots: readonly string[]; readonly at: number };
}

export const NO_PULLS: Pulls = { bySlot: new Map(), seconds: 0 };

/** An image that is there already is prepared faster. */
const WORTH_A_WORD_SECONDS = 2;

/**
 * Adds what this look shows. Swarm calls a task `preparing` while its node pulls the image, and says no more; how fast
 * that goes is the registry's and the network's matter, so that no other timing covers it.
 *
 * @param limit how long one slot's pulls may make the wait longer
 */
export function withPulls(pulls: Pulls, { tasks, now }: Snapshot, limit: number): Pulls {
  const pulling = tasks.filter((task) => isWanted(task) && task.Status.State === 'preparing').map(slotOf);
  const slots = [...new Set(pulling)];
  const { last, bySlot } = pulls;
  const passed = last ? Math.max(0, now - last.at) / 1000 : 0;
  const went = slots.filter((slot) => last?.slots.includes(slot));
  const left = went.map((slot) => limit - (bySlot.get(slot) ?? 0));
  return {
    bySlot: new Map([...bySlot, ...went.map((slot) => [slot, (bySlot.get(slot) ?? 0) + passed] as const)]),
    seconds: pulls.seconds + Math.min(passed, Math.max(0, ...left)),
    last: { slots, at: now },
  };
}

/** Whether an image is being pulled, for long enough to tell. */
export const isPulling = ({ last, bySlot }: Pulls): boolean =>
  (last?.slots ?? []).some((slot) => (bySlot.get(slot) ?? 0) >= WORTH_A_WORD_SECONDS);
