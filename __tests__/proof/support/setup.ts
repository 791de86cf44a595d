import { rmSync } from 'node:fs';
import { labPaths } from '../../../lab/ground/paths';
import { run } from '../../../lab/ground/shell';
import e2eSetup from '../../e2e/support/setup';
import { bookFile } from './book';

/** The lab as for the end-to-end tests, with the whole platform on it. */
export default async function setup(): Promise<void> {
  await e2eSetup();
  if (process.env.E2E_SKIPPED) return;
  const form = process.env.E2E_NO_TERRAFORM ? ['--compose'] : [];
  await run(process.execPath, ['proctor', 'lab', 'up', ...form]);
  rmSync(bookFile(labPaths()), { force: true });
}
