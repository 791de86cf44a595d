/** GitHub's limit for the text of a comment or an issue, in characters. */
export const COMMENT_LIMIT = 65_536;

/** A fence that nothing in `text` can close. */
export function fence(text: string, language = 'text'): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}${language}\n${text.replace(/\n*$/, '')}\n${ticks}`;
}

/** One line that others wrote, as code: a branch, a title, a name. */
export function code(text: string): string {
  const line = text.replace(/[\r\n\t]+/g, ' ').replaceAll('`', "'");
  return `\`${line.trim() || ' '}\``;
}

/**
 * Markdown that is to be shown to people and to nobody else: outside of code, `@name` notifies no one (`image@sha256:`
 * would) and an HTML comment is text, so that it cannot pass for a marker.
 */
export function defuse(markdown: string): string {
  let open: string | undefined;
  return markdown
    .split('\n')
    .map((line) => {
      const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
      if (open) {
        if (mark && mark[0] === open[0] && mark.length >= open.length && /^\s*[`~]+\s*$/.test(line))
          open = undefined;
        return line;
      }
      if (mark) {
        open = mark;
        return line;
      }
      return line
        .split(/(`+[^`]+`+)/)
        .map((part, index) =>
          index % 2 === 1 ? part : part.replace(/@(?=\w)/g, '@\u200b').replaceAll('<!--', '&lt;!--'),
        )
        .join('');
    })
    .join('\n');
}

/**
 * Cut at the end of a line, with what was open (a fence, `<details>`) closed, and a note that says so.
 *
 * @param limit characters, the note included
 */
export function shorten(markdown: string, limit: number, note: string): string {
  if (markdown.length <= limit) return markdown;
  const tail = `\n\n_Cut here: the whole has ${markdown.length} characters, ${limit} fit. ${note}_\n`;
  // Room for a fence of any sensible length and some closing tags.
  const room = limit - tail.length - 200;
  const cut = markdown.slice(0, Math.max(0, markdown.lastIndexOf('\n', room)));
  return `${cut}${closing(cut)}${tail}`;
}

function closing(markdown: string): string {
  let open: string | undefined;
  let details = 0;
  for (const line of markdown.split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (open) {
      if (mark && mark[0] === open[0] && mark.length >= open.length) open = undefined;
      continue;
    }
    if (mark) open = mark;
    details += (line.match(/<details/g)?.length ?? 0) - (line.match(/<\/details>/g)?.length ?? 0);
  }
  return `${open ? `\n${open}` : ''}${'\n\n</details>'.repeat(Math.max(0, details))}`;
}
