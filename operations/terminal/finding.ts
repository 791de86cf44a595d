export type Level = 'ok' | 'warning' | 'failure';

/** What a check found, for people. */
export interface Finding {
  readonly check: string;
  readonly level: Level;
  /** One line. */
  readonly text: string;
  /** What to do; always there unless `ok`. */
  readonly fix?: string;
  /** The same, in lines for a shell. */
  readonly commands?: readonly string[];
  /** The server could not be asked at all: exit code 6 instead of 1. */
  readonly unreachable?: boolean;
}

export const ok = (check: string, text: string): Finding => ({ check, level: 'ok', text });
export const warning = (check: string, text: string, fix: string): Finding => ({
  check,
  level: 'warning',
  text,
  fix,
});
export const failure = (check: string, text: string, fix: string): Finding => ({
  check,
  level: 'failure',
  text,
  fix,
});
