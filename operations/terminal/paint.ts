import type { Shell } from '../../contract/shell';

/** How words stand out; each leaves them alone where there are no colours. */
export interface Paint {
  plain(text: string): string;
  strong(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  warn(text: string): string;
  bad(text: string): string;
}

const ESCAPE = '\u001b[';
const inside = (code: number) => (text: string) => `${ESCAPE}${code}m${text}${ESCAPE}0m`;
const alone = (text: string) => text;

export const COLOURS: Paint = {
  plain: alone,
  strong: inside(1),
  dim: inside(2),
  good: inside(32),
  warn: inside(33),
  bad: inside(31),
};

export const NO_COLOURS: Paint = {
  plain: alone,
  strong: alone,
  dim: alone,
  good: alone,
  warn: alone,
  bad: alone,
};

/**
 * Colours for a terminal, unless `NO_COLOR` has a value (https://no-color.org) or the terminal is `dumb`. `FORCE_COLOR` has
 * them anywhere, `0` or `false` in it nowhere; `NO_COLOR` is stronger.
 */
export function paintFor(isTTY: boolean | undefined, { NO_COLOR, FORCE_COLOR, TERM }: Shell): Paint {
  if (NO_COLOR) return NO_COLOURS;
  const wanted = FORCE_COLOR ? !['0', 'false'].includes(FORCE_COLOR) : isTTY && TERM !== 'dumb';
  return wanted ? COLOURS : NO_COLOURS;
}
