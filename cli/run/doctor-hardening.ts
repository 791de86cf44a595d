import { type Capability, capabilityNames } from '../../constructs/units';
import { runHardening } from '../../operations/hardening/main';
import type { HardeningOptions } from '../../operations/hardening/options';
import { UsageError } from '../../operations/terminal/usage-error';
import { type EnvironmentNames, namesOf } from '../catalogue/names';
import { targetOf } from '../catalogue/target';
import type { Call, Run } from '../table/verb';
import type { doctorHardening } from '../verbs/doctor';

export const run: Run<typeof doctorHardening> = (call) =>
  runHardening(read(call, namesOf(call.values.environment, call.shell)));

/** @throws {UsageError} */
export function read(call: Call<typeof doctorHardening>, names: EnvironmentNames): HardeningOptions {
  const { values, words } = call;
  const [service] = words;
  if (service === undefined) throw new UsageError('which service?\nname one of services.config.ts');
  return {
    target: targetOf(call, names),
    stack: values.stack ?? names.stack,
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
