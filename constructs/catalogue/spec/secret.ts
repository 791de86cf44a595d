/** A secret: the sensitive variable of its name, `TF_VAR_<name>`. */
export interface SecretSpec<Secret extends string = string> {
  /**
   * Fewest characters.
   * @default 16
   * @example minLength: 32
   * @change restarts nothing
   */
  readonly minLength?: number;
  /**
   * An empty or absent value then makes no secret, and the services start without it.
   * @default false
   * @example optional: true
   * @change restarts nothing while there is a value
   */
  readonly optional?: boolean;
  /**
   * What it is, for people.
   * @default none
   * @example description: 'key that signs sessions'
   * @change restarts nothing
   */
  readonly description?: string;
  /**
   * Prints the value, without a shell: `['op', 'read', 'op://vault/db/password']`. `./proctor deploy` runs it, in the
   * project's folder, when neither the shell nor the `.env` file has a value; synth never does.
   * @default none
   * @example command: ['op', 'read', 'op://vault/db/password']
   * @change restarts nothing, unless it prints another value
   */
  readonly command?: SecretCommand;
  /**
   * It signs tokens that clients keep, and a deploy says what rotating it does to them. `acceptedKeys` names an
   * optional secret with further keys, separated by commas, that the images accept besides (docs/secrets.md has their
   * contract).
   * @default it signs nothing
   * @example signsTokens: { acceptedKeys: 'jwt_accepted_keys' }
   * @change restarts nothing
   */
  readonly signsTokens?: { readonly acceptedKeys?: Secret };
}

/** A program and its arguments. */
export type SecretCommand = readonly [string, ...string[]];
