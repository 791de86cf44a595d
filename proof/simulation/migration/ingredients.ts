import type { Fault } from '../scenario/ingredients';

/** What a history with a migration is made of. Times count from the deploy, in milliseconds. */
export type MigrationIngredient =
  | { readonly kind: 'nodes'; readonly count: number }
  /** Docker 20.10: a job that is removed leaves its tasks as they are. */
  | { readonly kind: 'oldEngine' }
  /** @default 60 */
  | { readonly kind: 'timeout'; readonly seconds: number }
  /** The first `times` runs of its program take so long; others take 3 s. */
  | { readonly kind: 'takes'; readonly ms: number; readonly times: number }
  /** The first `times` runs end so, if they have not ended yet. */
  | { readonly kind: 'fails'; readonly afterMs: number; readonly code: number; readonly times: number }
  /** The engine cannot start the first `times` of them. */
  | { readonly kind: 'noStart'; readonly times: number }
  /** What its program does when it is asked to stop. */
  | { readonly kind: 'stops'; readonly ms: number; readonly code: number }
  /** Pulls of its image fail until then. */
  | { readonly kind: 'noImage'; readonly untilMs: number }
  | { readonly kind: 'slowPull'; readonly ms: number }
  /** It needs a node that there is not. */
  | { readonly kind: 'unplaceable' }
  /** An earlier deploy of the same began so long before this one, and was killed so long after it began. */
  | { readonly kind: 'left'; readonly beforeMs: number; readonly afterMs: number }
  /** Somebody deploys the same from elsewhere, whose Terraform has another state. */
  | { readonly kind: 'other'; readonly at: number }
  /** The tool is killed: nothing of it goes on. */
  | { readonly kind: 'kill'; readonly at: number }
  /** It is asked to stop. */
  | { readonly kind: 'signal'; readonly at: number }
  /** Somebody removes the job's service by hand. */
  | { readonly kind: 'removed'; readonly at: number }
  /** Somebody's `./proctor run`, which ends by itself after so long. */
  | { readonly kind: 'byHand'; readonly beforeMs: number; readonly ms: number }
  | Extract<Fault, { readonly kind: 'trouble' | 'leader' | 'nodeCut' | 'engine' | 'drain' }>;

export interface MigrationScenario {
  readonly seed: number;
  readonly ingredients: readonly MigrationIngredient[];
}

type Of<K extends MigrationIngredient['kind']> = Extract<MigrationIngredient, { readonly kind: K }>;

export const every = <K extends MigrationIngredient['kind']>(
  { ingredients }: MigrationScenario,
  ...kinds: readonly K[]
): Of<K>[] => ingredients.filter((one): one is Of<K> => (kinds as readonly string[]).includes(one.kind));

/** The one of a kind, the last where there are more. */
export const the = <K extends MigrationIngredient['kind']>(
  scenario: MigrationScenario,
  kind: K,
): Of<K> | undefined => every(scenario, kind).at(-1);
