import { printPlan } from '../../operations/plan/main';
import type { PlanOptions } from '../../operations/plan/options';
import { namesIn } from '../../operations/policy/names';
import { environmentOf } from '../read/environment';
import type { Call, Run } from '../table/verb';
import type { plan } from '../verbs/plan';

export const run: Run<typeof plan> = (call) => printPlan(read(call), call);

/** @throws {UsageError} */
export const read = ({ values, shell }: Call<typeof plan>): PlanOptions => ({
  environment: environmentOf(values.environment, shell),
  json: values.json,
  gate: values.gate,
  refresh: values.refresh,
  ...(values.markdown ? { markdown: values.markdown } : {}),
  acknowledge: namesIn(shell.ACKNOWLEDGE, ...values.acknowledge),
});
