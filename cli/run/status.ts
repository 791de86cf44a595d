import type { DeclaredNames } from '../../operations/stack/strangers';
import { runStatus } from '../../operations/status/main';
import type { StatusOptions } from '../../operations/status/options';
import { backupSettingsOf } from '../catalogue/backup';
import { declaredOf } from '../catalogue/declared';
import { type EnvironmentNames, entranceOf, namesOf } from '../catalogue/names';
import { targetOf } from '../catalogue/target';
import { environmentOf } from '../read/environment';
import { portOf } from '../read/numbers';
import type { Call, Run } from '../table/verb';
import type { status } from '../verbs/status';

export const run: Run<typeof status> = (call) => {
  const { environment } = call.values;
  const declared = declaredOf(environmentOf(environment, call.shell), call.shell);
  const names = namesOf(environment, call.shell);
  const options = read(call, names, declared);
  // One that is being written must not hide how the server is.
  const backup =
    options.stack === names.stack ? tried(() => backupSettingsOf(environment, call.shell)) : undefined;
  return runStatus({ ...options, backup });
};

/** @throws {UsageError} */
export function read(
  call: Call<typeof status>,
  names: EnvironmentNames,
  declared?: DeclaredNames,
): StatusOptions {
  const { values } = call;
  const target = targetOf(call, names);
  const port = values['https-port'];
  const stack = values.stack ?? names.stack;
  return {
    target,
    stack,
    declared: declared?.namespace === stack ? declared : undefined,
    https: {
      host: values['https-host'] ?? entranceOf(names, target.publicHost),
      port: port === undefined ? names.httpsPort : portOf(port, '--https-port'),
      serverName: values['server-name'] ?? names.serverName,
    },
    promised: stack === names.stack ? names.promised : undefined,
    front: names.front,
    watch: values.watch,
    json: values.json,
  };
}

function tried<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
