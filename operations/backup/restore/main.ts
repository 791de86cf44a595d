import type { Shell } from '../../../contract/shell';
import { UsageError } from '../../terminal/usage-error';
import { codeOf, withBackup } from '../main';
import { reportLines } from '../text';
import { restoreInPlace } from './in-place';
import { type RestoreOptions, runRestoreJob } from './job';

/** `./proctor backup restore`. Resolves to the exit code. @throws {UsageError} */
export function runRestore(options: RestoreOptions, env: Shell): Promise<number> {
  const { into, stack, discard } = options;
  if (into !== 'scratch' && into !== stack) {
    throw new UsageError(
      `--into is ${JSON.stringify(into)}\nname scratch, or the platform whose data is to be replaced: --into ${stack}`,
    );
  }
  return withBackup(options, env, async (context) => {
    const report = discard
      ? await runRestoreJob(options, context, 'discard')
      : into === 'scratch'
        ? await runRestoreJob(options, context, 'scratch')
        : await restoreInPlace(options, context);
    context.tell(report, reportLines(report));
    return codeOf(report);
  });
}
