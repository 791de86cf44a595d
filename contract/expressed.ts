/** What Terraform evaluates at apply, as constructs write it. */
export type Expression = `\${${string}}`;

/**
 * An input as constructs write it: a list or an object may be an expression that yields it. In texts, expressions stand
 * as they are.
 */
export type Expressed<T> = T extends string | number | boolean | null | undefined
  ? T
  : Expression | { readonly [Key in keyof T]: Expressed<T[Key]> };
