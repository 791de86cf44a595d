import { runDiff } from '../../operations/releases/main';
import { numberOf, releasesOf } from '../catalogue/releases';
import type { Run } from '../table/verb';
import type { releasesDiff } from '../verbs/releases';

export const run: Run<typeof releasesDiff> = (call) => {
  const [from, to] = call.words;
  return runDiff(releasesOf(call), numberOf(from), numberOf(to));
};
