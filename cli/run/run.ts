import { findTarget } from '../../operations/docker/target';
import { type RunOptions, runByHand } from '../../operations/jobs/by-hand';
import { UsageError } from '../../operations/terminal/usage-error';
import { platform } from '../../services.config';
import { type EnvironmentNames, namesOf } from '../catalogue/names';
import { secondsOf } from '../read/numbers';
import type { Call, Run } from '../table/verb';
import type { run as verb } from '../verbs/run';

export const run: Run<typeof verb> = (call) =>
  runByHand(read(call, namesOf(call.values.environment, call.shell)), call.shell);

/** @throws {UsageError} */
export function read(
  { values, words, shell }: Call<typeof verb>,
  { stack }: Pick<EnvironmentNames, 'stack'>,
): RunOptions {
  const [service, ...command] = words;
  if (service === undefined) throw new UsageError('which service?\nname one of services.config.ts');
  return {
    target: findTarget(values.host, values['ssh-option'], shell),
    stack: values.stack ?? stack,
    service,
    command,
    timeoutSeconds: values.timeout === undefined ? undefined : secondsOf(values.timeout, '--timeout'),
    registries: platform.registries ?? [],
  };
}
