import { namesIn } from '../../operations/policy/names';
import { runSecurity } from '../../operations/security/main';
import type { SecurityOptions } from '../../operations/security/options';
import { type EnvironmentNames, entranceOf, namesOf } from '../catalogue/names';
import { targetOf } from '../catalogue/target';
import { portOf } from '../read/numbers';
import type { Call, Run } from '../table/verb';
import type { doctorSecurity } from '../verbs/doctor';

export const run: Run<typeof doctorSecurity> = (call) =>
  runSecurity(read(call, namesOf(call.values.environment, call.shell)));

/** @throws {UsageError} */
export function read(call: Call<typeof doctorSecurity>, names: EnvironmentNames): SecurityOptions {
  const { values } = call;
  const target = targetOf(call, names);
  const port = (name: 'https-port' | 'http-port', other: number) =>
    values[name] === undefined ? other : portOf(values[name], `--${name}`);
  return {
    target,
    stack: values.stack ?? names.stack,
    backends: names.backends,
    entrance: {
      host: values['https-host'] ?? entranceOf(names, target.publicHost),
      https: port('https-port', names.httpsPort),
      http: port('http-port', names.httpPort),
      serverName: values['server-name'] ?? names.serverName,
    },
    accept: namesIn(...values.accept),
    json: values.json,
  };
}
