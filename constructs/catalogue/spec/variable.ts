/** A value that is no secret but differs between installations: the variable `TF_VAR_<name>`. */
export interface VariableSpec {
  readonly kind: 'host' | 'port' | 'text';
  /** @default none: the variable must be given */
  readonly default?: string;
  /** @default none */
  readonly description?: string;
}
