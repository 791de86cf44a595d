import { findWords } from '../docker/reach/words';
import { harmless } from '../terminal/untrusted';

/** One line of `terraform … -json`, as far as it is used here. */
export interface Message {
  readonly type?: string;
  readonly '@message'?: string;
  readonly diagnostic?: Diagnostic;
  readonly hook?: {
    readonly resource?: {
      readonly addr?: string;
      readonly resource_type?: string;
      readonly resource_key?: unknown;
    };
    readonly action?: string;
    readonly output?: string;
  };
  /** With `planned_change`. */
  readonly change?: {
    readonly resource: { readonly addr: string };
    readonly action: string;
    readonly importing?: object;
  };
}

export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail?: string;
  readonly address?: string;
}

/** @returns undefined for a line that is no message */
export function parseMessage(line: string): Message | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value = JSON.parse(line) as Message;
    return typeof value['@message'] === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Providers put words of servers into it; what ssh and Docker say gets its meaning and what to do. */
export function inWords({ summary, detail, address }: Diagnostic): string {
  const text = harmless(
    [`${address ? `${address}: ` : ''}${summary}`, ...(detail ? detail.trim().split('\n') : [])].join('\n  '),
  );
  const words = wordsOfProvider(`${summary}\n${detail ?? ''}`);
  return words ? `${text}\n  ${words.what}\n  ${words.remedy}` : text;
}

/** The provider shows its whole ssh command, and behind `stderr=` what that said. */
const wordsOfProvider = (text: string) =>
  findWords(
    harmless(
      text
        .split(/\bstderr=/)
        .slice(1)
        .join('\n'),
    ),
    'the server',
  );
