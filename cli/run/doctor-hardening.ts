import { type Capability, capabilityNames } from '../../constructs/units';
import { findTarget } from '../../operations/docker/target';
import { runHardening } from '../../operations/hardening/main';
import type { HardeningOptions } from '../../operations/hardening/options';
import { UsageError } from '../../operations/terminal/usage-error';
import { type EnvironmentNames, namesOf } from '../catalogue/names';
import type { Call, Run } from '../table/verb';
import type { doctorHardening } from '../verbs/doctor';

export const run: Run<typeof doctorHardening> = (call) =>
  runHardening(read(call, namesOf(call.values.environment, call.shell)));

/** @throws {UsageError} */
export function read(
  { values, words, shell }: Call<typeof doctorHardening>,
  { stack }: EnvironmentNames,
): HardeningOptions {
  const [service] = words;
  if (service === undefined) throw new UsageError('which service?\nname one of services.config.ts');
  return {
    target: findTarget(values.host, values['ssh-option'], shell),
    stack: values.stack ?? stack,
    service,
    hardening: {
      user: values.user,
      capAdd: capabilities(values['cap-add']),
      tmpfs: values.tmpfs.length > 0 ? values.tmpfs : ['/tmp'],
      readOnlyRoot: !values.writable,
    },
  };
}

function capabilities(names: readonly string[]): readonly string[] {
  try {
    return capabilityNames(names as Capability[]);
  } catch (error) {
    throw new UsageError((error as Error).message.replace(/\n +/, '\n'));
  }
}
