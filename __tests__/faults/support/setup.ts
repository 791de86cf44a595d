import { rmSync } from 'node:fs';
import { labPaths } from '../../../lab/paths';
import { run } from '../../../lab/shell';
import e2eSetup from '../../e2e/support/setup';
import { bookFile } from './book';

/** The lab as for the end-to-end tests, with the whole platform on it. `FAULTS_NO_APPLY` says why nothing is applied. */
export default async function setup(): Promise<void> {
  await e2eSetup();
  if (process.env.E2E_SKIPPED) return;
  const said = await run(process.execPath, ['tools/run.mjs', 'lab/up.ts']);
  rmSync(bookFile(labPaths()), { force: true });
  const [, reason] = /^Deploying the compose form with docker stack deploy: (.*)\.$/m.exec(said) ?? [];
  if (!reason) return;
  process.env.FAULTS_NO_APPLY = reason;
  process.stderr.write(`\n!!! EVERY FAULT DURING AN APPLY IS SKIPPED, THERE IS NO APPLY: ${reason}\n\n`);
}
