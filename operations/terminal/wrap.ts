import wrapAnsi from 'wrap-ansi';
import { textWidth } from './width';

/** Lines of at most that width, broken between words, and within one only where it is wider. As far in as the text itself. */
export function wrap(text: string, width: number): string[] {
  if (textWidth(text) <= width) return [text.trimEnd()];
  const [indent = ''] = /^ */.exec(text) ?? [];
  const room = Math.max(1, width - indent.length);
  return wrapAnsi(text.slice(indent.length), room, { hard: true })
    .split('\n')
    .map((line) => `${indent}${line}`.trimEnd());
}
