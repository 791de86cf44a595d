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
const SEQUENCE = new RegExp(`${ESCAPE.replace('[', '\\[')}[0-9;]*m`, 'g');
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

/** Colours for a terminal, unless `NO_COLOR` has a value (https://no-color.org) or the terminal is `dumb`. */
export function paintFor(isTTY: boolean | undefined, env: Shell): Paint {
  return isTTY && !env.NO_COLOR && env.TERM !== 'dumb' ? COLOURS : NO_COLOURS;
}

/** Characters that are seen. */
export const plainLength = (text: string): number => text.replace(SEQUENCE, '').length;

/** The first characters that are seen; colours after them still end. */
export function crop(text: string, width: number): string {
  let left = width;
  return text
    .split(new RegExp(`(${SEQUENCE.source})`))
    .map((part, index) => {
      if (index % 2 === 1) return part;
      const kept = part.slice(0, left);
      left -= kept.length;
      return kept;
    })
    .join('');
}
