import { findTarget } from '../../operations/docker/target';
import { runStatus } from '../../operations/status/main';
import type { StatusOptions } from '../../operations/status/options';
import { type EnvironmentNames, namesOf } from '../catalogue/names';
import { portOf } from '../read/numbers';
import type { Call, Run } from '../table/verb';
import type { status } from '../verbs/status';

export const run: Run<typeof status> = (call) =>
  runStatus(read(call, namesOf(call.values.environment, call.shell)));

/** @throws {UsageError} */
export function read({ values, shell }: Call<typeof status>, names: EnvironmentNames): StatusOptions {
  const target = findTarget(values.host, values['ssh-option'], shell);
  const port = values['https-port'];
  return {
    target,
    stack: values.stack ?? names.stack,
    https: {
      host: values['https-host'] ?? target.publicHost,
      port: port === undefined ? names.httpsPort : portOf(port, '--https-port'),
      serverName: values['server-name'] ?? names.serverName,
    },
    watch: values.watch,
    json: values.json,
  };
}
