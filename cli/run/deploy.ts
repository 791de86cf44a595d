import { runDeploy } from '../../operations/deploy/main';
import type { DeployOptions } from '../../operations/deploy/options';
import { namesIn } from '../../operations/policy/names';
import { environmentOf } from '../read/environment';
import type { Call, Run } from '../table/verb';
import type { deploy } from '../verbs/deploy';

export const run: Run<typeof deploy> = (call) => runDeploy(read(call), call);

/** @throws {UsageError} */
export const read = ({ values, shell }: Call<typeof deploy>): DeployOptions => ({
  environment: environmentOf(values.environment, shell),
  yes: values.yes,
  json: values.json,
  refresh: values.refresh,
  skipPreflight: values['skip-preflight'],
  without: namesIn(shell.WITHOUT, ...values.without),
  acknowledge: namesIn(shell.ACKNOWLEDGE, ...values.acknowledge),
});
