import { findTarget } from '../../operations/docker/target';
import type { RolloutOptions } from '../../operations/rollout/by-hand/options';
import { runRollout } from '../../operations/rollout/by-hand/run';
import { secondsOf } from '../read/numbers';
import type { Call, Run } from '../table/verb';
import type { rollout } from '../verbs/rollout';

export const run: Run<typeof rollout> = (call) => runRollout(read(call));

/** @throws {UsageError} */
export function read({ values, words, shell }: Call<typeof rollout>): RolloutOptions {
  const { host, sshOptions } = findTarget(values.host, values['ssh-option'], shell);
  const { deadline, observe } = values;
  return {
    host,
    sshOptions,
    json: values.json,
    rollBack: values.rollback,
    names: words,
    ...(deadline ? { deadlineSeconds: secondsOf(deadline, '--deadline') } : {}),
    ...(observe ? { observeSeconds: secondsOf(observe, '--observe') } : {}),
  };
}
