import type { Trouble } from '../api/line';

/** Which of the service's versions it is about: what ran before, or what is deployed. */
export type Version = 'old' | 'new';

/** How the service and its cluster are made. What is not given has a default in `build.ts`. */
export type Setting =
  | { readonly kind: 'replicas'; readonly count: number }
  | { readonly kind: 'global' }
  | { readonly kind: 'parallelism'; readonly count: number }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'monitor'; readonly ms: number }
  | { readonly kind: 'ratio'; readonly share: number }
  | { readonly kind: 'action'; readonly action: 'pause' | 'continue' | 'rollback' }
  | { readonly kind: 'stopFirst' }
  | {
      readonly kind: 'health';
      readonly intervalMs: number;
      readonly retries: number;
      readonly startMs: number;
    }
  | { readonly kind: 'grace'; readonly ms: number }
  | { readonly kind: 'restart'; readonly condition: 'any' | 'on-failure' | 'none'; readonly attempts: number }
  | { readonly kind: 'restartDelay'; readonly ms: number }
  | { readonly kind: 'history'; readonly limit: number }
  | { readonly kind: 'nodes'; readonly count: number }
  | { readonly kind: 'reserve'; readonly cpus: number }
  | { readonly kind: 'hostPort' }
  | { readonly kind: 'maxReplicas'; readonly count: number }
  | { readonly kind: 'workerClock'; readonly node: number; readonly ms: number }
  | { readonly kind: 'ownClock'; readonly ms: number };

/** What is deployed, and how it is watched. */
export type Deploy =
  /** The default changes the image. `other` changes what no field of `planned` but its `spec` tells. */
  | { readonly kind: 'deploy'; readonly what: 'create' | 'scale' | 'env' | 'other' | 'same' | 'both' }
  | { readonly kind: 'scaleTo'; readonly count: number }
  | { readonly kind: 'gateAfter'; readonly ms: number }
  | { readonly kind: 'observe'; readonly ms: number }
  | { readonly kind: 'deadline'; readonly ms: number }
  | { readonly kind: 'alone'; readonly rollBack: boolean }
  /** A deploy before this one, of a version that cannot run. */
  | { readonly kind: 'earlier'; readonly of: 'missing' | 'crashing' }
  /** After the verdict, whatever it was. */
  | { readonly kind: 'then'; readonly what: 'putBack' | 'rollback' }
  /**
   * A record of what the server holds is made so long after the deploy, and held against it so long after that; in between
   * somebody is at it. `readAt` is when Terraform's provider read the service back.
   */
  | {
      readonly kind: 'record';
      readonly readAt: number;
      readonly ms: number;
      readonly later: number;
      readonly what?: 'update' | 'label' | 'scale' | 'rollback' | 'remove';
    }
  /** The new version needs what no node has. */
  | { readonly kind: 'unplaceable'; readonly why: 'constraint' | 'resources' | 'platform' };

/** What goes wrong. Times count from the deploy, in milliseconds. */
export type Fault =
  /** The first `times` starts of a version end by themselves; on one node only where it is given. */
  | {
      readonly kind: 'crash';
      readonly of: Version;
      readonly afterMs: number;
      readonly code: number;
      readonly times: number;
      readonly node?: number;
      readonly outOfMemory?: boolean;
    }
  | {
      readonly kind: 'sick';
      readonly of: Version;
      readonly afterMs: number;
      readonly times: number;
      readonly node?: number;
    }
  | { readonly kind: 'startError'; readonly of: Version; readonly times: number }
  | { readonly kind: 'slowStart'; readonly of: Version; readonly ms: number }
  | { readonly kind: 'slowStop'; readonly ms: number }
  | { readonly kind: 'slowPull'; readonly ms: number; readonly node?: number }
  /** Pulls of the new image fail until then. */
  | { readonly kind: 'badPull'; readonly untilMs: number; readonly node?: number }
  | { readonly kind: 'trouble'; readonly trouble: Trouble }
  | { readonly kind: 'leader'; readonly at: number; readonly ms: number; readonly clock: number }
  | { readonly kind: 'nodeCut'; readonly at: number; readonly ms: number; readonly node: number }
  | { readonly kind: 'engine'; readonly at: number; readonly ms: number; readonly node: number }
  | { readonly kind: 'drain'; readonly at: number; readonly node: number; readonly ms: number }
  | {
      readonly kind: 'foreign';
      readonly at: number;
      readonly what: 'update' | 'label' | 'scale' | 'rollback' | 'remove';
    };

export type Ingredient = Setting | Deploy | Fault;

/** A history before it happens. The same one happens always in the same way. */
export interface Scenario {
  readonly seed: number;
  readonly ingredients: readonly Ingredient[];
}

/** The one of a kind, the last where there are more. */
export function of<K extends Ingredient['kind']>(
  { ingredients }: Scenario,
  kind: K,
): Extract<Ingredient, { kind: K }> | undefined {
  return all(ingredients, kind).at(-1);
}

export const all = <K extends Ingredient['kind']>(
  ingredients: readonly Ingredient[],
  kind: K,
): Extract<Ingredient, { kind: K }>[] =>
  ingredients.filter((one): one is Extract<Ingredient, { kind: K }> => one.kind === kind);
