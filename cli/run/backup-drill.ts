import { type DrillOptions, runDrill } from '../../operations/backup/main';
import { UsageError } from '../../operations/terminal/usage-error';
import { backupOf } from '../catalogue/backup';
import type { Call, Run } from '../table/verb';
import type { backupDrill } from '../verbs/backup';

export const run: Run<typeof backupDrill> = (call) =>
  runDrill({ ...backupOf(call), ...read(call) }, call.shell);

/** @throws {UsageError} */
export function read({
  values: { start, path },
}: Pick<Call<typeof backupDrill>, 'values'>): Pick<DrillOptions, 'start' | 'paths'> {
  const odd = path.find((one) => !/^\/[\w\-./?=&%~+,:@]*$/.test(one));
  if (odd !== undefined) {
    throw new UsageError(`--path is ${JSON.stringify(odd)}\nwrite it as in a URL, from its slash on: /users`);
  }
  return { start, paths: path };
}
