import type { RolloutOptions } from '../../operations/rollout/by-hand/options';
import { runRollout } from '../../operations/rollout/by-hand/run';
import { type EnvironmentNames, namesOf } from '../catalogue/names';
import { targetOf } from '../catalogue/target';
import { secondsOf } from '../read/numbers';
import type { Call, Run } from '../table/verb';
import type { rollout } from '../verbs/rollout';

export const run: Run<typeof rollout> = (call) =>
  runRollout(read(call, namesOf(call.values.environment, call.shell)));

/** @throws {UsageError} */
export function read(
  call: Call<typeof rollout>,
  names: Partial<Pick<EnvironmentNames, 'address' | 'stack' | 'derived'>>,
): RolloutOptions {
  const { values, words } = call;
  const { host, sshOptions, derived } = targetOf(call, names);
  const { deadline, observe } = values;
  return {
    host,
    sshOptions,
    ...(derived ? { derived } : {}),
    json: values.json,
    rollBack: values.rollback,
    names: words,
    ...(deadline ? { deadlineSeconds: secondsOf(deadline, '--deadline') } : {}),
    ...(observe ? { observeSeconds: secondsOf(observe, '--observe') } : {}),
  };
}
