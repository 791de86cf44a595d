import { SCRIPTS } from '../completion/scripts';
import type { Run } from '../table/verb';
import type { completion } from '../verbs/build';

export const run: Run<typeof completion> = ({ words: [shell = ''] }) => {
  process.stdout.write(SCRIPTS[shell] ?? '');
  return 0;
};
