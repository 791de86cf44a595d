/** The gate run by hand. */
export interface RolloutOptions {
  readonly host: string;
  readonly sshOptions: readonly string[];
  readonly json: boolean;
  readonly rollBack: boolean;
  readonly deadlineSeconds?: number;
  readonly observeSeconds?: number;
  readonly names: readonly string[];
}
