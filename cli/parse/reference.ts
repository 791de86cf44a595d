import { COMMON_EXITS, exitsOf } from '../table/exit-codes';
import { SHOWN } from '../verbs';
import { helpFor } from './help';

type Exits = readonly (readonly [code: number, meaning: string])[];

export interface Reference {
  readonly verbs: readonly {
    readonly verb: string;
    readonly summary: string;
    readonly help: string;
    /** Its own. */
    readonly exits: Exits;
  }[];
  /** Those of every verb. */
  readonly common: Exits;
}

/** What docs/commands.md is written from. */
export const reference = (): Reference => ({
  verbs: SHOWN.map(({ name, summary }) => ({
    verb: name,
    summary,
    help: helpFor(name.split(' ')) ?? '',
    exits: exitsOf(name).filter(([code]) => !(code in COMMON_EXITS)),
  })),
  common: Object.entries(COMMON_EXITS).map(([code, meaning]) => [Number(code), meaning]),
});
