import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A program of build/, in this process: it prints, and ends it with its own exit code. */
export async function runBuildProgram(name: string): Promise<number> {
  await import(pathToFileURL(resolve('build', name)).href);
  return 0;
}
