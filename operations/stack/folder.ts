import { join } from 'node:path';

/**
 * Where a deploy from this project synthesizes; `<folder>.lock` keeps others out meanwhile. One for each environment, of the
 * same depth as cdktf.out, for the paths of a local state and of files are relative to it.
 */
export const deployFolder = (projectFolder: string, environment: string): string =>
  join(projectFolder, `cdktf.out.deploy-${environment}`);
