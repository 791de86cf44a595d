import { runDeploy } from '../../operations/deploy/main';
import type { DeployOptions } from '../../operations/deploy/options';
import { namesIn } from '../../operations/policy/names';
import { runRollback } from '../../operations/rollback/main';
import type { RollbackOptions } from '../../operations/rollback/options';
import { UsageError } from '../../operations/terminal/usage-error';
import { type EnvironmentNames, namesOf } from '../catalogue/names';
import { numberOf } from '../catalogue/releases';
import { targetOf } from '../catalogue/target';
import { environmentOf } from '../read/environment';
import type { Call, Run } from '../table/verb';
import type { rollback } from '../verbs/rollback';

export const run: Run<typeof rollback> = (call) =>
  call.values.to === undefined
    ? runRollback(read(call, namesOf(call.values.environment, call.shell)))
    : runDeploy(readBack(call, call.values.to), call);

/** Back to a release is a deploy of what is on record. @throws {UsageError} */
export function readBack({ values, words, shell }: Call<typeof rollback>, to: string): DeployOptions {
  if (words.length > 0) {
    throw new UsageError(
      '--to takes all services back, and names are for an emergency\nleave out --to, or the names',
    );
  }
  if (values.host !== undefined || values.stack !== undefined || values['ssh-option'].length > 0) {
    throw new UsageError(
      "--to goes through the state of the environment, and so to that one's server\nleave out --host, --stack and --ssh-option",
    );
  }
  return {
    environment: environmentOf(values.environment, shell),
    to: to === 'previous' ? to : numberOf(to),
    yes: values.yes,
    json: values.json,
    refresh: false,
    skipPreflight: values['skip-preflight'],
    without: namesIn(shell.WITHOUT, ...values.without),
    acknowledge: namesIn(shell.ACKNOWLEDGE, ...values.acknowledge),
  };
}

/** Services may also be given in one word, separated by spaces or commas, as an input of a workflow is. @throws {UsageError} */
export function read(call: Call<typeof rollback>, names: EnvironmentNames): RollbackOptions {
  const { values, words } = call;
  const services = words.flatMap((word) => word.split(/[\s,]+/)).filter((word) => word !== '');
  const strange = services.find((name) => !/^[a-z0-9][a-z0-9_-]{0,62}$/i.test(name));
  if (strange !== undefined) {
    throw new UsageError(
      `${JSON.stringify(strange)} is not the name of a service\nname some of services.config.ts`,
    );
  }
  if (services.length === 0)
    throw new UsageError(
      'which services, or which release?\nname some of services.config.ts, or write --to previous',
    );
  return { target: targetOf(call, names), stack: values.stack ?? names.stack, services, yes: values.yes };
}
