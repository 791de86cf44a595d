import { NAMED_ENTITIES } from './entities';

/** Three levels of quoting, one inside of the other; each doubles what the one before has written. */
const MOST_BACKSLASHES = 8;
/** A shorter value, spread over lines, may be found in any text. */
const SHORTEST_BROKEN = 12;
/**
 * Where a line was broken: as it is, or as the escapes of a text in a text; a shell's line goes on after a backslash, a
 * literal in quotes of its own.
 */
const BREAK = /(?:["'][ +]{0,3})?\\*\r?\n|(?:\\+r)?\\+n/y;
/** What the next line begins with, the frame of Terraform's messages among it. */
const INDENT = /[ \t│]{0,120}["']?/y;
/** A space before it belongs to it: between words is where lines are broken. */
const BREAK_AT_SPACE = /[ \t]*(?:\\*\r?\n|(?:\\+r)?\\+n)[ \t│]*/y;
/** A shell's quotes end before a quote in them, and begin again behind it. */
const QUOTES = [/'\\+''/y, /\\*'\\*"\\*'\\*"\\*'/y];
/** Some write them twice: SQL, CSV, printf, make. */
const DOUBLED = '\'"`$%';
const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
};
interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Finds a text in whatever way each of its characters is written: as it is, URL-encoded, in JSON, HTML, a shell's quotes
 * or the literals of JavaScript, Python and Go; mixed, nested, and broken into lines. All readings of a text are followed
 * at once, so none is missed, and none takes long.
 */
export class Encoded {
  private readonly characters: readonly Character[];
  private readonly beginning: RegExp;
  private readonly mayBeBroken: boolean;

  /** @param plain letters and digits are always written as they are, since the text is an encoding already */
  constructor(text: string, plain = false) {
    this.characters = [...text].map((one) => characterOf(one, plain));
    this.mayBeBroken = this.characters.length >= SHORTEST_BROKEN;
    this.beginning = beginningOf(this.characters);
  }

  isIn(text: string): boolean {
    return this.next(text, 0) !== undefined;
  }

  replaceIn(text: string, by: string): string {
    let shown = '';
    let from = 0;
    for (let span = this.next(text, 0); span; span = this.next(text, from)) {
      shown += text.slice(from, span.start) + by;
      from = span.end;
    }
    return shown + text.slice(from);
  }

  private next(text: string, from: number): Span | undefined {
    this.beginning.lastIndex = from;
    for (let found = this.beginning.exec(text); found; found = this.beginning.exec(text)) {
      const start = found.index;
      const end = this.endOf(text, start);
      if (end !== undefined) return { start, end };
      this.beginning.lastIndex = start + 1;
    }
    return undefined;
  }

  private endOf(text: string, start: number): number | undefined {
    let ends: readonly number[] = [start];
    for (const [index, character] of this.characters.entries()) {
      const broken = this.mayBeBroken && index > 0 ? ends.flatMap((at) => endsOfBreak(text, at)) : [];
      ends = [...new Set([...ends, ...broken].flatMap((at) => readings(text, at, character)))];
      if (ends.length === 0) return undefined;
    }
    return Math.max(...ends);
  }
}

/** Where it is worth a closer look: what comes second is itself, or what begins another way to write it. */
function beginningOf([first, second]: readonly Character[]): RegExp {
  const itself = (one: Character | undefined) => (one ? `\\u{${one.point.toString(16)}}` : '');
  const next = second ? `(?=[${itself(first)}${itself(second)}\\\\%&'"+\\s])` : '';
  return new RegExp(`${itself(first)}${next}${first?.isPlain ? '' : '|[\\\\%&]'}`, 'gu');
}

interface Character {
  readonly text: string;
  readonly isPlain: boolean;
  readonly point: number;
  /** Of UTF-16. */
  readonly units: readonly number[];
  /** Of UTF-8. */
  readonly bytes: readonly number[];
  readonly entity: string | undefined;
  readonly escape: string | undefined;
  /** Some write a backslash before it. */
  readonly isSpecial: boolean;
}

const characterOf = (text: string, plain: boolean): Character => ({
  text,
  isPlain: plain && /[A-Za-z0-9]/.test(text),
  point: text.codePointAt(0)!,
  units: text.split('').map((unit) => unit.charCodeAt(0)),
  bytes: [...Buffer.from(text)],
  entity: NAMED_ENTITIES.get(text),
  escape: NAMED_ESCAPES[text],
  isSpecial: /[^A-Za-z0-9]/.test(text),
});

/** Where a character ends that may begin here, in each way to read it. */
function readings(text: string, at: number, what: Character): number[] {
  const character = what.text;
  if (what.isPlain) return text[at] === character ? [at + 1] : [];
  const ends = text.startsWith(character, at) ? [at + character.length] : [];
  if (DOUBLED.includes(character) && text.startsWith(character + character, at)) ends.push(at + 2);
  if (character === "'") ends.push(...QUOTES.flatMap((form) => endsOf(form, text, at)));
  if (character === ' ') {
    if (text[at] === '+') ends.push(at + 1);
    ends.push(...endsOf(BREAK_AT_SPACE, text, at));
  }
  switch (text[at]) {
    case '%':
      return [...ends, ...percents(text, at, what)];
    case '&':
      return [...ends, ...entities(text, at, what)];
    case '\\':
      return [...ends, ...escapes(text, at, what)];
    default:
      return ends;
  }
}

function endsOf(form: RegExp, text: string, at: number): number[] {
  form.lastIndex = at;
  return form.test(text) ? [form.lastIndex] : [];
}

/** What the next line begins with may belong to the text. */
const endsOfBreak = (text: string, at: number): number[] =>
  endsOf(BREAK, text, at).flatMap((start) => range(start, endsOf(INDENT, text, start)[0]!));

/** Each byte, also encoded more than once: `%2541` is `A`. */
function percents(text: string, at: number, { bytes }: Character): number[] {
  return sequence(text, at, bytes, (_, here, byte) => {
    if (text[here] !== '%') return [];
    const ends: number[] = [];
    for (let digits = here + 1; ; digits += 2) {
      if (hexAt(text, digits, 2) === byte) ends.push(digits + 2);
      if (text.slice(digits, digits + 2) !== '25') return ends;
    }
  });
}

/** `&#228;`, `&#xe4;`, `&auml;`; also written more than once: `&amp;auml;`. */
function entities(text: string, at: number, { entity: name, point }: Character): number[] {
  const ends: number[] = [];
  for (let here = at + 1; ; here += 'amp;'.length) {
    if (name && text.startsWith(`${name};`, here)) ends.push(here + name.length + 1);
    ends.push(...numbered(text, here, point));
    if (!text.startsWith('amp;', here)) return ends;
  }
}

const NUMBERED = /#(?:0{0,7}([0-9]{1,7})|[xX]0{0,7}([0-9A-Fa-f]{1,6}))(;?)/y;

function numbered(text: string, at: number, point: number): number[] {
  NUMBERED.lastIndex = at;
  const [, decimal, hexadecimal] = NUMBERED.exec(text) ?? [];
  const value = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
  return value === point ? [NUMBERED.lastIndex] : [];
}

/** With as many backslashes as the levels of quoting have made of one. */
function escapes(text: string, at: number, what: Character): number[] {
  const { text: character, point, bytes, units } = what;
  const after = afterBackslashes(text, at);
  const next = text[after] ?? '';
  if (what.isSpecial && text.startsWith(character, after)) return [after + character.length];
  const ends = character === '\\' ? range(at + 1, after) : [];
  if (next.toLowerCase() === what.escape) ends.push(after + 1);
  switch (next) {
    case 'u':
      // JSON and JavaScript write the halves of a pair, Python and Go the whole.
      return [...ends, ...sequence(text, at, units, escaped('u', 4)), ...braced(text, after, point)];
    case 'U':
      return [...ends, ...escaped('U', 8)(text, at, point)];
    case 'x':
      // Python's text has code points; its bytes, a shell and Go have bytes.
      return [
        ...ends,
        ...escaped('x', 2)(text, at, point),
        ...(point > 0x7f ? sequence(text, at, bytes, escaped('x', 2)) : []),
      ];
    default:
      return /[0-7]/.test(next) ? [...ends, ...sequence(text, at, bytes, octal)] : ends;
  }
}

type Read = (text: string, at: number, value: number) => number[];

const escaped =
  (letter: string, digits: number): Read =>
  (text, at, value) => {
    const after = afterBackslashes(text, at);
    const isIt = after > at && text[after] === letter && hexAt(text, after + 1, digits) === value;
    return isIt ? [after + 1 + digits] : [];
  };

const BRACED = /u\{0{0,7}([0-9A-Fa-f]{1,6})\}/y;

function braced(text: string, at: number, point: number): number[] {
  BRACED.lastIndex = at;
  const [, digits = ''] = BRACED.exec(text) ?? [];
  return Number.parseInt(digits, 16) === point ? [BRACED.lastIndex] : [];
}

/** One to three digits, which a zero may stand before. */
function octal(text: string, at: number, byte: number): number[] {
  const after = afterBackslashes(text, at);
  if (after === at) return [];
  return [1, 2, 3, 4].flatMap((length) => {
    const digits = text.slice(after, after + length);
    const isIt = digits.length === length && /^[0-7]+$/.test(digits) && Number.parseInt(digits, 8) === byte;
    return isIt ? [after + length] : [];
  });
}

/** One value after the other. */
function sequence(text: string, at: number, values: readonly number[], read: Read): number[] {
  let ends = [at];
  for (const value of values) ends = ends.flatMap((end) => read(text, end, value));
  return ends;
}

function afterBackslashes(text: string, at: number): number {
  let end = at;
  while (end < at + MOST_BACKSLASHES && text[end] === '\\') end += 1;
  return end;
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** `NaN` where there are none. */
function hexAt(text: string, at: number, digits: number): number {
  const found = text.slice(at, at + digits);
  return found.length === digits && /^[0-9A-Fa-f]+$/.test(found) ? Number.parseInt(found, 16) : Number.NaN;
}
