/** What each command ends with, besides `COMMON_EXITS`. A workflow relies on them: a meaning never changes. */
export const EXITS: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  plan: {
    0: 'nothing to do',
    2: 'changes',
    3: 'changes with downtime or data risk',
    1: 'error, or stopped by the policy with --gate',
  },
  deploy: {
    0: 'converged, or nothing to do',
    2: 'rolled back',
    3: 'timed out',
    4: 'paused',
    5: 'superseded',
    6: 'unreachable',
    1: 'anything else',
  },
  status: { 0: 'all services healthy', 1: 'not all, or the last rollout of one failed', 6: 'unreachable' },
  rollout: {
    0: 'converged',
    2: 'rolled back',
    3: 'timed out',
    4: 'paused',
    5: 'superseded',
    6: 'unreachable',
  },
  rollback: {
    0: 'all run as before, or shown',
    2: 'rolled back',
    3: 'timed out',
    4: 'paused',
    5: 'superseded',
    6: 'unreachable',
    1: 'refused, nothing was touched',
  },
  secrets: { 0: 'done', 1: 'not done', 6: 'unreachable' },
  'images lock': { 0: 'the lock fits', 1: 'it does not, or a registry does not answer' },
  'state doctor': { 0: 'as it should be, warnings included', 1: 'not so' },
  'state recover': {
    0: 'nothing would be destroyed',
    1: 'something would, or it cannot be said',
    6: 'unreachable',
  },
  'host check': { 0: 'as it should be', 3: 'something differs', 6: 'unreachable', 1: 'anything else' },
  compose: { 0: 'written', 1: 'not written' },
  provision: { 0: 'done', 1: 'not done', 2: 'the input makes no sense' },
  'lab up': { 0: 'it runs', 1: 'it does not' },
  'lab down': { 0: 'removed', 1: 'not removed' },
  'lab stop': { 0: 'stopped', 1: 'not stopped' },
  'lab vps': { 0: 'done', 1: 'not done' },
  'lab vps-test': { 0: 'all parts held', 1: 'one did not' },
  synth: { 0: 'synthesized', 1: 'not synthesized' },
  'providers lock': { 0: 'written', 1: 'as it was' },
  github: { 0: 'done', 1: 'a fault, told to GitHub' },
  completion: { 0: 'printed' },
};

/** The same for all. */
export const COMMON_EXITS: Readonly<Record<number, string>> = {
  64: 'wrong usage',
  70: 'the program itself failed',
};
export const EXIT_USAGE = 64;
export const EXIT_BROKEN = 70;

/** In the order of how good they are: 0 first, 1 (anything else) after the named ones. */
export function exitsOf(name: string): (readonly [code: number, meaning: string])[] {
  const known = Object.entries({ ...EXITS[name], ...COMMON_EXITS }).map(
    ([code, meaning]) => [Number(code), meaning] as const,
  );
  return [...known.filter(([code]) => code !== 1), ...known.filter(([code]) => code === 1)].sort(
    ([a], [b]) => Number(a > 60) - Number(b > 60),
  );
}
