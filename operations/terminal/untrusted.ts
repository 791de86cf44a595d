import { stripVTControlCharacters } from 'node:util';

/**
 * Text that others wrote: names of images, reasons, what somebody set by hand on the server.
 *
 * On one line and without control characters: a line of its own could be a command to the CI's runner (`::set-…`), and
 * what turns the reading direction round could make a line say something else than it is.
 */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, '\ufffd');

/**
 * Lines that others wrote, such as a program's log or a registry's answer, as a terminal and a CI's log may show them:
 * without what moves the cursor or paints, and with nothing that GitHub's runner takes for a command (`::stop-commands::` or
 * `##[error]`, which it finds behind blanks, too).
 */
export const harmless = (text: string): string =>
  stripVTControlCharacters(text)
    .split(/\r?\n/)
    .map((line) =>
      line
        .split('\t')
        .map(oneLine)
        .join('\t')
        .replace(/^(\s*):(?=:)/, '$1: ')
        .replaceAll('##[', '## ['),
    )
    .join('\n');

/**
 * As code in a Markdown text: shown as it is, whatever is in it. GitHub links and mentions nobody inside `<code>`, and
 * every character that Markdown or HTML could read is an entity, table cells included.
 */
export const code = (text: string): string =>
  `<code>${oneLine(text).replace(/[^A-Za-z0-9 .,:;→·…-]/gu, (character) => `&#${character.codePointAt(0)};`)}</code>`;

/** A block that nothing inside can end. */
export function fence(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const ticks = '`'.repeat(longest + 1);
  const lines = text.split('\n').map(oneLine).join('\n');
  return `${ticks}text\n${lines}\n${ticks}`;
}
