import { join } from 'node:path';

/** What a stack is synthesized for; each has a folder of its own, since a synth replaces the scripts that gates run. */
export type Purpose = 'deploy' | 'plan' | 'recover' | 'host';

/**
 * Where this project synthesizes an environment; `<folder>.lock` keeps others out meanwhile. Of the same depth as
 * cdktf.out, for the paths of a local state and of files are relative to it.
 */
export const synthFolder = (projectFolder: string, purpose: Purpose, environment: string): string =>
  join(projectFolder, `cdktf.out.${purpose}-${environment}`);

/** Where `./proctor deploy` from this project synthesizes. */
export const deployFolder = (projectFolder: string, environment: string): string =>
  synthFolder(projectFolder, 'deploy', environment);
