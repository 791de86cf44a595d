#!/usr/bin/env node
// Renders what a terminal showed as docs/session.svg. Record a real run, then: node build/record-session.mjs typescript [out]
//   script -q -c './proctor plan; IMAGE_TAG=v2 ./proctor deploy' typescript
import { readFileSync, writeFileSync } from 'node:fs';

const [input, out = 'docs/session.svg'] = process.argv.slice(2);
if (!input) {
  process.stderr.write('usage: node build/record-session.mjs FILE [OUT.svg]\n');
  process.exit(64);
}

const COLORS = {
  31: '#ff7b72',
  32: '#7ee787',
  33: '#e3b341',
  34: '#79c0ff',
  35: '#d2a8ff',
  36: '#56d4dd',
  90: '#8b949e',
};
/** A control sequence with its numbers and letter, the title of a window, another escape, or one character. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a terminal is sent
const TOKEN = /\x1b\[([\d;?]*)([A-Za-z])|\x1b\][^\x07]*\x07|\x1b.|[\s\S]/gu;
const LINE = 18;
const CHARACTER = 8.4;

/** What is on the screen in the end, line by line: `[{ character, style }]`. A live block overwrites itself. */
function screen(recorded) {
  const text = recorded.replace(/^Script started on .*\n/, '').replace(/\n?Script done on .*\n*$/, '');
  const rows = [[]];
  let row = 0;
  let column = 0;
  let style = '';
  for (const [token, csi, final] of text.matchAll(TOKEN)) {
    const count = Number.parseInt(csi, 10) || 1;
    if (final === 'm') style = styled(style, csi);
    else if (final === 'A') row = Math.max(0, row - count);
    else if (final === 'B') row += count;
    else if (final === 'C') column += count;
    else if (final === 'D') column = Math.max(0, column - count);
    else if (final === 'G') column = count - 1;
    else if (final === 'K') rows[row].length = csi === '2' ? 0 : Math.min(rows[row].length, column);
    else if (final === 'J') {
      rows.length = row + 1;
      rows[row].length = Math.min(rows[row].length, column);
    } else if (token === '\n') {
      row += 1;
      column = 0;
    } else if (token === '\r') column = 0;
    else if (token === '\b') column = Math.max(0, column - 1);
    else if (token >= ' ' && !token.startsWith('\u001b')) {
      while (rows[row].length < column) rows[row].push({ character: ' ', style: '' });
      rows[row][column] = { character: token, style };
      column += 1;
    }
    while (rows.length <= row) rows.push([]);
  }
  while (rows.length > 0 && rows.at(-1).length === 0) rows.pop();
  return rows;
}

/** `bold` and a color, as CSS of a tspan. */
function styled(before, codes) {
  let style = before;
  for (const code of (codes || '0').split(';').map(Number)) {
    if (code === 0) style = '';
    else if (code === 1) style = `${style}font-weight:bold;`;
    else if (code === 2) style = `${style}opacity:.7;`;
    else if (COLORS[code] ?? COLORS[code - 60]) style = `${style}fill:${COLORS[code] ?? COLORS[code - 60]};`;
    else if (code === 22) style = style.replace(/font-weight:bold;|opacity:\.7;/g, '');
    else if (code === 39) style = style.replace(/fill:[^;]*;/g, '');
  }
  return style;
}

function svg(rows) {
  const width = Math.ceil(Math.max(80, ...rows.map((row) => row.length)) * CHARACTER + 32);
  const height = rows.length * LINE + 32;
  const text = rows.map((row, index) => `<text x="16" y="${(index + 1) * LINE + 12}">${spans(row)}</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>What a terminal showed</title>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g fill="#e6edf3" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,monospace" font-size="14" xml:space="preserve">
${text.join('\n')}
</g>
</svg>
`;
}

function spans(row) {
  const runs = [];
  for (const { character, style } of row) {
    if (runs.at(-1)?.style === style) runs.at(-1).text += character;
    else runs.push({ style, text: character });
  }
  return runs
    .map(({ style, text }) => (style ? `<tspan style="${style}">${escaped(text)}</tspan>` : escaped(text)))
    .join('');
}

const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

const lines = screen(readFileSync(input, 'utf8'));
writeFileSync(out, svg(lines));
process.stdout.write(`${out}: ${lines.length} lines\n`);
