import { runHostCheck } from '../../operations/host/main';
import { environmentOf } from '../read/environment';
import type { Run } from '../table/verb';
import type { hostCheck } from '../verbs/host';

export const run: Run<typeof hostCheck> = ({ values, shell, projectFolder }) =>
  runHostCheck({ environment: environmentOf(values.environment, shell), json: values.json }, projectFolder);
