import { findTarget } from '../../operations/docker/target';
import { type ForgetOptions, runForget } from '../../operations/place/forget';
import { UsageError } from '../../operations/terminal/usage-error';
import { type EnvironmentNames, namesOf } from '../catalogue/names';
import type { Call, Run } from '../table/verb';
import type { dataForget } from '../verbs/data';

export const run: Run<typeof dataForget> = (call) =>
  runForget(read(call, namesOf(call.values.environment, call.shell)));

/** @throws {UsageError} */
export function read(
  { values, words, shell }: Call<typeof dataForget>,
  { stack }: EnvironmentNames,
): ForgetOptions {
  const [service] = words;
  if (service === undefined) throw new UsageError('which service?\nname a backend of services.config.ts');
  return {
    target: findTarget(values.host, values['ssh-option'], shell),
    stack: values.stack ?? stack,
    service,
  };
}
