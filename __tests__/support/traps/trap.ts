import type { Json } from '../platform/template';

/**
 * Something that Terraform's providers do to a stack which says too little, too much or the wrong thing. Each one was
 * seen; none is found by `terraform validate`.
 */
export interface Trap {
  /** What holds while nobody steps into it. */
  readonly claim: string;
  /** Where a stack, as its parsed JSON, is wrong; empty when it is right. */
  check(stack: Json): string[];
  /** Makes a sound stack wrong in this way, to see that the check finds it. */
  break(stack: Json): void;
}

/** Blocks that cdktf writes as an object where there is one, and as a list otherwise. */
export const list = (value: Json): Json[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

export const resources = (stack: Json, type: string): [string, Json][] =>
  Object.entries(stack.resource[type] ?? {});

export const first = (stack: Json, type: string): Json => resources(stack, type)[0]![1];
