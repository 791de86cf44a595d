import { pathToFileURL } from 'node:url';
import { toolOf } from '../../operations/stack/synth';

/** A program of build/, in this process: it prints, and ends it with its own exit code. */
export async function runBuildProgram(projectFolder: string, name: string): Promise<number> {
  await import(pathToFileURL(toolOf(projectFolder, name)).href);
  return 0;
}
