import { findTarget } from '../../operations/docker/target';
import { runRollback } from '../../operations/rollback/main';
import type { RollbackOptions } from '../../operations/rollback/options';
import { UsageError } from '../../operations/terminal/usage-error';
import { type EnvironmentNames, namesOf } from '../catalogue/names';
import type { Call, Run } from '../table/verb';
import type { rollback } from '../verbs/rollback';

export const run: Run<typeof rollback> = (call) =>
  runRollback(read(call, namesOf(call.values.environment, call.shell)));

/** Services may also be given in one word, separated by spaces or commas, as an input of a workflow is. @throws {UsageError} */
export function read(
  { values, words, shell }: Call<typeof rollback>,
  { stack }: EnvironmentNames,
): RollbackOptions {
  const services = words.flatMap((word) => word.split(/[\s,]+/)).filter((word) => word !== '');
  const strange = services.find((name) => !/^[a-z0-9][a-z0-9_-]{0,62}$/i.test(name));
  if (strange !== undefined) {
    throw new UsageError(
      `${JSON.stringify(strange)} is not the name of a service\nname some of services.config.ts`,
    );
  }
  if (services.length === 0) throw new UsageError('which services?\nname some of services.config.ts');
  const target = findTarget(values.host, values['ssh-option'], shell);
  return { target, stack: values.stack ?? stack, services, yes: values.yes };
}
