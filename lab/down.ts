import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { labDown } from './cluster/infrastructure';
import { withLabLock } from './cluster/lock';
import { isOfState } from './deploy/providers';
import { ENVIRONMENT } from './deploy/target';
import { isDefault, type LabPaths, labPaths } from './ground/paths';
import { stopProcesses } from './ground/processes';

const OUTPUTS = ['.lab', 'cdktf.out', 'compose', 'tls', 'secrets.json', 'deploy.env', 'mux'];

// The state first: it is what would make Terraform look for the rest.
const madeByDeploys = (paths: LabPaths): string[] => [
  ...[...readdirSync(paths.dir).filter(isOfState), ...OUTPUTS].map((name) => join(paths.dir, name)),
  // Of the entry points, which deploy to the default lab.
  ...(isDefault(paths) ? ['plan', 'deploy', 'recover'] : []).map((name) =>
    resolve(`cdktf.out.${name}-${ENVIRONMENT}`),
  ),
];

/** `./proctor lab down`: removes the lab and every trace of it. */
export async function runLabDown(): Promise<void> {
  const paths = labPaths();
  if (existsSync(paths.dir)) {
    await withLabLock(paths, async () => {
      // What an interrupted deploy left running would go on writing.
      await stopProcesses(paths, 'deploy', 0);
      for (const file of madeByDeploys(paths)) rmSync(file, { recursive: true, force: true });
    });
  }
  await labDown();
}
