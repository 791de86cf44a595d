import { runLock } from '../../operations/releases/locking';
import { UsageError } from '../../operations/terminal/usage-error';
import { platformOf } from '../catalogue/releases';
import type { Call, Run } from '../table/verb';
import type { lock } from '../verbs/releases';

export const run: Run<typeof lock> = (call) => runLock(platformOf(call), reasonOf(call));

const LONGEST = 200;

/** @throws {UsageError} */
export function reasonOf({ words }: Pick<Call<typeof lock>, 'words'>): string {
  const why = (words[0] ?? '').trim();
  if (why !== '' && why.length <= LONGEST) return why;
  throw new UsageError(`why has ${why.length} characters\nsay it in 1 to ${LONGEST}`);
}
