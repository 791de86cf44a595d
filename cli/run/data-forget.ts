import { type ForgetOptions, runForget } from '../../operations/place/forget';
import { UsageError } from '../../operations/terminal/usage-error';
import { type EnvironmentNames, namesOf } from '../catalogue/names';
import { targetOf } from '../catalogue/target';
import type { Call, Run } from '../table/verb';
import type { dataForget } from '../verbs/data';

export const run: Run<typeof dataForget> = (call) =>
  runForget(read(call, namesOf(call.values.environment, call.shell)));

/** @throws {UsageError} */
export function read(call: Call<typeof dataForget>, names: EnvironmentNames): ForgetOptions {
  const { values, words } = call;
  const [service] = words;
  if (service === undefined) throw new UsageError('which service?\nname a backend of services.config.ts');
  return {
    target: targetOf(call, names),
    stack: values.stack ?? names.stack,
    service,
    backends: names.backends,
  };
}
