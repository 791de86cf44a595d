/** A value that is no secret but differs between installations: the variable `TF_VAR_<name>`. */
export interface VariableSpec {
  /**
   * What is checked: a host name or address, a port, or no more than that it is a line.
   * @example kind: 'port'
   * @change restarts nothing
   */
  readonly kind: 'host' | 'port' | 'text';
  /**
   * Its value where `TF_VAR_<name>` is not set.
   * @default none: the variable must be given
   * @example default: '587'
   * @change rolls the services that use it, where nothing else gives the value
   */
  readonly default?: string;
  /**
   * What it is, for people.
   * @default none
   * @example description: 'mail server'
   * @change restarts nothing
   */
  readonly description?: string;
}
