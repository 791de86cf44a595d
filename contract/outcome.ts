/** How a rollout ended, one word each. */
export type Outcome = 'converged' | 'rolledBack' | 'timedOut' | 'paused' | 'superseded' | 'unreachable';

/** One exit code each; 64 is a wrong invocation. */
export const EXIT_CODES: Readonly<Record<Outcome, number>> = {
  converged: 0,
  rolledBack: 2,
  timedOut: 3,
  paused: 4,
  superseded: 5,
  unreachable: 6,
};
/** What runs is not well, though nothing was to be deployed or the gates had passed. */
export const EXIT_UNWELL = 7;
export const EXIT_USAGE = 64;
/** The program itself is at fault: EX_SOFTWARE of sysexits.h, as 64 is its EX_USAGE. */
export const EXIT_BROKEN = 70;

/** For several services: the worst comes first. */
const WORST_FIRST: readonly Outcome[] = [
  'rolledBack',
  'paused',
  'timedOut',
  'superseded',
  'unreachable',
  'converged',
];

export function worst(outcomes: readonly Outcome[]): Outcome {
  return WORST_FIRST.find((outcome) => outcomes.includes(outcome)) ?? 'converged';
}
