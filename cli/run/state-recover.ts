import { runRecover } from '../../operations/state/recover/main';
import { environmentOf } from '../read/environment';
import type { Run } from '../table/verb';
import type { stateRecover } from '../verbs/state';

export const run: Run<typeof stateRecover> = (call) =>
  runRecover(
    { environment: environmentOf(call.values.environment, call.shell), import: call.values.import },
    call,
  );
