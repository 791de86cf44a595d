/** A secret of the catalogue, as the synthesized stack tells it. Its value is `TF_VAR_<name>`. */
export interface DeclaredSecret {
  readonly name: string;
  /** Characters. */
  readonly minLength: number;
  readonly optional: boolean;
  readonly asciiOnly: boolean;
  /** What is hashed before the value for the name of the Swarm object. */
  readonly hashPrefix: string;
  /** Services that get it; rotating it replaces their tasks. */
  readonly services: readonly string[];
  /** Names of secrets that are made from it, each for one service; their versions are called as its own. @default none */
  readonly derived?: readonly string[] | undefined;
  /** It is the database account's password: `<service>` accepts the new one beside the old while services roll. @default none */
  readonly provisionedIn?: string | undefined;
  /** Where its value comes from, where none that is made up would do. @default none */
  readonly origin?: string | undefined;
  /**
   * What was encrypted with its value and opens with no other one that it was not told of before, in words: a new value by itself
   * would lock it. @default nothing
   */
  readonly opens?: string | undefined;
  /** It signs tokens; `acceptedKeys` holds further keys that its services accept. @default none */
  readonly signsTokens?: { readonly acceptedKeys?: string } | undefined;
}

/**
 * So that two secrets with one value do not look alike.
 *
 * @param salt after a lost state; empty before
 */
export const hashPrefixOf = (namespace: string, name: string, salt: string): string =>
  [namespace, name, ...(salt ? [salt] : []), ''].join('/');
