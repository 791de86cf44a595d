import type { Shell } from '../../contract/shell';
import type { Aim } from '../releases/restore';
import type { Console } from '../terminal/console';

/** What a deploy is asked to do. */
export interface DeployOptions {
  readonly environment: string;
  readonly yes: boolean;
  readonly json: boolean;
  readonly skipPreflight: boolean;
  /** What may have downtime or risk data. */
  readonly acknowledge: readonly string[];
  /** Go back to this release instead of deploying the catalogue. @default the catalogue */
  readonly to?: Aim | undefined;
  /** Optional secrets that are in force and are to go. */
  readonly without: readonly string[];
  /** Resources, by their addresses, and what they need; nothing else is planned. No release is recorded. @default all */
  readonly only?: readonly string[];
  /** Read everything from the server, though a record proves that nothing has changed. */
  readonly refresh: boolean;
}

export interface DeployRun {
  readonly options: DeployOptions;
  readonly shell: Shell;
  readonly console: Console;
  readonly projectFolder: string;
  /** Ends what is under way in good order. */
  readonly signal: AbortSignal;
}
