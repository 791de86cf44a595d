import { loadMain } from '../../proof/load/main';
import type { Run } from '../table/verb';
import type { benchLoad } from '../verbs/bench';

/** It ends by itself, after its last line. */
export const run: Run<typeof benchLoad> = async () => {
  await loadMain();
  return 0;
};
