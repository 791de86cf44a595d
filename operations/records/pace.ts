import type { Release } from '../../contract/release';

/** How long a service's last rolls took, in seconds. */
export interface Pace {
  readonly rolls: number;
  readonly least: number;
  readonly most: number;
}

const LAST = 5;
/** Fewer say nothing of the next one. */
const FEWEST = 2;
/** A band of two rolls is no band. */
const FEWEST_TO_TELL = 3;

/** @param releases the newest first */
export function paceOf(releases: readonly Release[], service: string): Pace | undefined {
  const seconds = releases
    .flatMap(({ services }) => services.filter((row) => row.service === service))
    .flatMap(({ rollSeconds }) => (rollSeconds === undefined ? [] : [rollSeconds]))
    .slice(0, LAST);
  if (seconds.length < FEWEST) return undefined;
  return { rolls: seconds.length, least: Math.min(...seconds), most: Math.max(...seconds) };
}

const COUNTS = ['', '', 'two', 'three', 'four', 'five'];

/** `the last five took 24 to 31 s` */
export function paceInWords({ rolls, least, most }: Pace): string {
  const span = least === most ? `${most} s each` : `${least} to ${most} s`;
  return `the last ${COUNTS[rolls] ?? rolls} took ${span}`;
}

/** Whether a roll took so long, or so short, that somebody should look. */
export function leavesBand({ rolls, least, most }: Pace, seconds: number): boolean {
  if (rolls < FEWEST_TO_TELL) return false;
  const slack = (bound: number) => Math.max(5, bound / 4);
  return seconds > most + slack(most) || seconds < least - slack(least);
}

/**
 * A roll without the time for which its gate only watched.
 *
 * @param watched as the catalogue says for this service
 */
export function rollSecondsOf(
  row: { readonly outcome: string; readonly seconds?: number; readonly tasksReplaced?: number },
  watched: number | undefined,
): number | undefined {
  const { outcome, seconds, tasksReplaced = 0 } = row;
  if (outcome !== 'converged' || tasksReplaced === 0 || seconds === undefined || watched === undefined)
    return undefined;
  return seconds > watched ? Math.round(seconds - watched) : undefined;
}
