import { type RunOptions, runByHand } from '../../operations/jobs/by-hand';
import { UsageError } from '../../operations/terminal/usage-error';
import { platform } from '../../services.config';
import { type EnvironmentNames, namesOf } from '../catalogue/names';
import { targetOf } from '../catalogue/target';
import { secondsOf } from '../read/numbers';
import type { Call, Run } from '../table/verb';
import type { run as verb } from '../verbs/run';

export const run: Run<typeof verb> = (call) =>
  runByHand(read(call, namesOf(call.values.environment, call.shell)), call.shell);

/** @throws {UsageError} */
export function read(
  call: Call<typeof verb>,
  names: Pick<EnvironmentNames, 'stack' | 'address' | 'derived'>,
): RunOptions {
  const { values, words } = call;
  const [service, ...command] = words;
  if (service === undefined) throw new UsageError('which service?\nname one of services.config.ts');
  return {
    target: targetOf(call, names),
    stack: values.stack ?? names.stack,
    service,
    command,
    timeoutSeconds: values.timeout === undefined ? undefined : secondsOf(values.timeout, '--timeout'),
    registries: platform.registries ?? [],
  };
}
