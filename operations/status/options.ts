import type { Target } from '../docker/target';

export interface StatusOptions {
  readonly target: Target;
  readonly stack: string;
  /** Where TLS is looked at. */
  readonly https: { readonly host: string; readonly port: number; readonly serverName?: string };
  readonly watch: boolean;
  readonly json: boolean;
}
