import stringWidth from 'string-width';

/** A colour, which takes no room. */
const ESCAPE = '\u001b';
const SEQUENCE = new RegExp(`(${ESCAPE}\\[[0-9;]*m)`);
/** ASCII and what this project itself writes: nobody has to look those up, and a board asks often. */
const NARROW = /^[ -~·×→…✓✗]*$/;
const CHARACTERS = new Intl.Segmenter();

/** Cells of a terminal: two for `日`, none for a colour or an accent that stands on the letter before. */
export const textWidth = (text: string): number => (NARROW.test(text) ? text.length : stringWidth(text));

/** What has room in that many cells; colours after it still end. */
export function crop(text: string, width: number): string {
  let left = width;
  return text
    .split(SEQUENCE)
    .map((part, index) => {
      if (index % 2 === 1) return part;
      const kept = head(part, left);
      // Nothing narrower comes after what had no room.
      left = kept === part ? left - textWidth(kept) : 0;
      return kept;
    })
    .join('');
}

/** The rows that a terminal makes of a line without colours. */
export function fold(text: string, width: number): string[] {
  const rows: string[] = [];
  let rest = text;
  do {
    // A cell at least: a wide character on a terminal of one column would never end.
    const row = head(rest, width) || (CHARACTERS.segment(rest).containing(0)?.segment ?? '');
    rows.push(row);
    rest = rest.slice(row.length);
  } while (rest !== '');
  return rows;
}

/**
 * A line in one row, cut where it is longer. What must not be cut may take more of them.
 *
 * @param keep how many of its first characters that is
 */
export function shorten(text: string, width: number, keep = 0): string[] {
  const room = width * Math.max(1, Math.ceil((textWidth(text.slice(0, keep)) + 1) / width));
  return fold(textWidth(text) <= room ? text : `${crop(text, room - 1)}…`, width);
}

function head(text: string, width: number): string {
  if (NARROW.test(text)) return text.slice(0, width);
  let kept = '';
  let left = width;
  for (const { segment } of CHARACTERS.segment(text)) {
    left -= textWidth(segment);
    if (left < 0) break;
    kept += segment;
  }
  return kept;
}
