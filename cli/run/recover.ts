import { runRecover } from '../../operations/backup/restore/recover';
import { runDeploy } from '../../operations/deploy/main';
import { namesIn } from '../../operations/policy/names';
import { backupOf } from '../catalogue/backup';
import { environmentOf } from '../read/environment';
import { momentOf } from '../read/moment';
import type { Run } from '../table/verb';
import type { recover } from '../verbs/backup';

export const run: Run<typeof recover> = (call) => {
  const { values, shell } = call;
  const deploy = (only?: readonly string[]) =>
    runDeploy(
      {
        environment: environmentOf(values.environment, shell),
        yes: true,
        json: values.json,
        refresh: true,
        skipPreflight: false,
        without: [],
        acknowledge: namesIn(shell.ACKNOWLEDGE, ...values.acknowledge),
        ...(only ? { only } : {}),
      },
      call,
    );
  return runRecover({ ...backupOf(call), ...momentOf(values) }, { deploy, env: shell });
};
