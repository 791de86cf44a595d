import { EXIT_BROKEN, EXIT_USAGE } from '../../contract/outcome';

/** What each verb ends with, besides `COMMON_EXITS`. A workflow relies on them: a meaning never changes. */
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
    7: 'a service is not well, though there was nothing to do or its gate had passed',
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
    1: 'refused: nothing was touched, or Docker did not put one back, which is said for each',
  },
  run: {
    0: 'the command ended with 0',
    124: 'it was still running at its time-out, and was stopped',
    125: 'it did not run, its end is not known, or its output is incomplete',
    1: 'any other status, from 1 to 255, is the command’s own',
  },
  'releases list': { 0: 'shown', 1: 'not shown', 6: 'unreachable' },
  'releases show': { 0: 'shown', 1: 'there is none such', 6: 'unreachable' },
  'releases diff': { 0: 'shown', 1: 'there is none such, or it has no stack', 6: 'unreachable' },
  audit: { 0: 'shown', 1: 'not shown', 6: 'unreachable' },
  lock: { 0: 'locked', 1: 'not locked, or locked already', 6: 'unreachable' },
  unlock: { 0: 'unlocked, or it was not locked', 1: 'not unlocked', 6: 'unreachable' },
  prune: { 0: 'done, or shown', 1: 'something stays, or it cannot be told', 6: 'unreachable' },
  'backup now': { 0: 'made', 1: 'not made, what there was stays', 6: 'unreachable' },
  'backup list': { 0: 'shown', 1: 'not shown', 6: 'unreachable' },
  'backup check': { 0: 'whole', 1: 'not whole, or it cannot be told', 6: 'unreachable' },
  'backup unlock': { 0: 'no lock is left', 1: 'not unlocked', 6: 'unreachable' },
  'backup restore': { 0: 'restored', 1: 'not, which is said; nothing is half replaced', 6: 'unreachable' },
  'backup drill': { 0: 'restored and checked', 1: 'not, which is said', 6: 'unreachable' },
  recover: { 0: 'the platform is back', 1: 'not, run it again', 6: 'unreachable' },
  verify: {
    0: 'exactly that release runs',
    1: 'something differs, it did not converge, or it cannot be told',
    6: 'unreachable',
  },
  secrets: { 0: 'done', 1: 'not done', 6: 'unreachable' },
  'images lock': { 0: 'done', 1: 'not done, or the file does not fit' },
  'data forget': { 0: 'done, or nothing to forget', 1: 'not done', 6: 'unreachable' },
  'doctor hardening': { 0: 'it bears that', 1: 'it does not, or was not tried', 6: 'unreachable' },
  'doctor security': {
    0: 'nothing is otherwise than it should be',
    1: 'something is, and was not accepted',
    6: 'unreachable',
  },
  'state doctor': { 0: 'as it should be (warnings included)', 1: 'something is not' },
  'state recover': {
    0: 'nothing would be destroyed',
    1: 'something would, or it cannot be said',
    6: 'unreachable',
  },
  'host check': { 0: 'as it should be', 3: 'something differs', 6: 'unreachable', 1: 'anything else' },
  compose: { 0: 'written', 1: 'not written' },
  provision: { 0: 'done', 1: 'not done', 2: 'the input makes no sense' },
  'lab up': { 0: 'all routes answer', 1: 'one does not, or the lab did not start' },
  'lab stop': { 0: 'nothing of the lab runs any more', 1: 'something still runs' },
  'lab down': { 0: 'nothing of the lab is left', 1: 'something is left' },
  'lab vps': { 0: 'done', 1: 'not done' },
  'lab vps-test': { 0: 'all parts held', 1: 'one did not' },
  synth: { 0: 'written', 1: 'not written, the folder is as it was' },
  'providers lock': { 0: 'written', 1: 'not written' },
  github: { 0: 'done', 1: 'told as an error of the run' },
  completion: { 0: 'printed' },
  'bench roll': { 0: 'all promises held', 1: 'one did not' },
  'bench rotate': { 0: 'all promises held', 1: 'one did not' },
  'bench attack': { 0: 'all promises held', 1: 'one did not' },
  'bench certificates': { 0: 'all promises held', 1: 'one did not' },
  'bench deploy': { 0: 'all goals were met', 1: 'one was not' },
  'bench upgrade': { 0: 'nothing was lost, and only what was announced failed', 1: 'not so' },
  'bench backup': { 0: 'all goals were met', 1: 'one was not, or nothing was measured' },
  'bench load': { 0: 'all was sent' },
  simulate: { 0: 'all verdicts agreed', 1: 'some did not' },
};

/** The same for all. */
export const COMMON_EXITS: Readonly<Record<number, string>> = {
  [EXIT_USAGE]: 'wrong usage',
  [EXIT_BROKEN]: 'the program itself failed',
};

/** In the order of how good they are: 0 first, 1 (anything else) after the named ones. */
export function exitsOf(name: string): (readonly [code: number, meaning: string])[] {
  const known = Object.entries({ ...EXITS[name], ...COMMON_EXITS }).map(
    ([code, meaning]) => [Number(code), meaning] as const,
  );
  return [...known.filter(([code]) => code !== 1), ...known.filter(([code]) => code === 1)].sort(
    ([a], [b]) => Number(a > 60) - Number(b > 60),
  );
}
