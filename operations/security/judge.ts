import { ROWS } from './rows';
import type { Facts } from './rows/facts';
import { type Part, partsInWords } from './rows/row';

export type State = 'ok' | 'not' | 'accepted' | 'unknown';

/** What `--json` prints of each row. Fields are only ever added. */
export interface Judged {
  readonly row: string;
  readonly state: State;
  readonly text: string;
  /** What is not as it should be and not accepted. */
  readonly not: readonly Part[];
  readonly fix: string | null;
}

/** @param accept `row` or `row:service`, for what is known */
export function judge(facts: Facts, accept: readonly string[]): Judged[] {
  return ROWS.map(({ name, find }) => {
    const { text, unknown, not = [], fix } = find(facts);
    if (unknown) return { row: name, state: 'unknown', text, not: [], fix: null };
    if (not.length === 0) return { row: name, state: 'ok', text, not, fix: null };
    const left = not.filter(({ of }) => !accept.includes(name) && !accept.includes(`${name}:${of}`));
    return left.length > 0
      ? { row: name, state: 'not', text: partsInWords(left), not: left, fix: fix ?? null }
      : { row: name, state: 'accepted', text, not: [], fix: null };
  });
}

/** Words of `--accept` that name no row. */
export const unknownRows = (accept: readonly string[]): string[] =>
  accept.filter((word) => !ROWS.some(({ name }) => name === word.split(':')[0]));
