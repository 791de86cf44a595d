import { runVerify } from '../../operations/releases/main';
import { numberOf, releasesOf } from '../catalogue/releases';
import type { Run } from '../table/verb';
import type { verify } from '../verbs/releases';

export const run: Run<typeof verify> = (call) => {
  const [number] = call.words;
  return runVerify(releasesOf(call), number === undefined ? undefined : numberOf(number));
};
