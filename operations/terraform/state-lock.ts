import type { Diagnostic } from './message';

/** Terraform's own words about a state that somebody else holds. */
export interface Holder {
  readonly who: string;
  readonly operation: string;
  readonly since: string;
  readonly id: string;
}

/** OpenTofu reads the state when it takes the lock, and says so of a state that it has no key for: nobody holds that. */
const NO_KEY = /decryption failed|is encrypted/;

/** @returns undefined when the errors are not about the state's lock */
export function holderOf(diagnostics: readonly Diagnostic[]): Holder | undefined {
  const found = diagnostics.find(
    ({ summary, detail = '' }) => /acquiring the state lock/i.test(summary) && !NO_KEY.test(detail),
  );
  return found && holderNamedIn(found.detail ?? '');
}

/** The same of a command that tells its errors to people alone. */
export const holderIn = (text: string): Holder | undefined =>
  /acquiring the state lock/i.test(text) && !NO_KEY.test(text) ? holderNamedIn(text) : undefined;

function holderNamedIn(text: string): Holder {
  const field = (name: string) => new RegExp(`^\\s*${name}:\\s*(.+)$`, 'm').exec(text)?.[1]?.trim() ?? '?';
  return { who: field('Who'), operation: field('Operation'), since: field('Created'), id: field('ID') };
}

/** Terraform asks a bucket for the holder without the customer's key, and is told nothing where there is one. */
export const holderInWords = ({ who, operation, since }: Holder): string =>
  who === '?'
    ? 'the state is locked (./proctor state doctor says by whom)'
    : `the state is locked by ${who} (${operation.replace('OperationType', '').toLowerCase()}, since ${since.replace(/\.\d+.*$/, '')} UTC)`;
