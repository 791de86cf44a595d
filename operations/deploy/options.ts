import type { Aim } from '../releases/restore';

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
