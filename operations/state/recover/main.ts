import type { Shell } from '../../../contract/shell';
import { ConnectionError } from '../../docker/explain';
import { Console } from '../../terminal/console';
import { recover } from './recover';

export interface RecoverOptions {
  readonly environment: string;
  /** Writes what runs into the state. */
  readonly import: boolean;
}

/** Resolves to the exit code. */
export async function runRecover(
  options: RecoverOptions,
  { shell, projectFolder }: { readonly shell: Shell; readonly projectFolder: string },
): Promise<number> {
  const console = new Console(false, shell);
  const run = { ...options, projectFolder, shell, console };
  try {
    return (await recover(run)) ? 0 : 1;
  } catch (error) {
    console.fault((error as Error).message);
    return error instanceof ConnectionError ? 6 : 1;
  } finally {
    console.endPart();
  }
}
