import { labPaths } from '../../../lab/ground/paths';
import e2eTeardown from '../../e2e/support/teardown';
import { bookTable } from './book';

export default async function teardown(): Promise<void> {
  const table = bookTable(labPaths());
  if (table) process.stdout.write(`\n${table}\n\n`);
  await e2eTeardown();
}
