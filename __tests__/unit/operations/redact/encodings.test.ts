import fc from 'fast-check';
import { Redactor } from '../../../../operations/redact/redactor';
import { code } from '../../../../operations/terminal/untrusted';
import { anySecret } from '../../../support/secrets';

type Encode = (value: string) => string;

const characters = (value: string, encode: Encode) => [...value].map(encode).join('');
const bytes = (value: string, encode: (byte: number) => string) =>
  [...Buffer.from(value)].map(encode).join('');
const units = (value: string, encode: (unit: number) => string) =>
  value
    .split('')
    .map((unit) => encode(unit.charCodeAt(0)))
    .join('');
const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
const unlessPlain =
  (encode: Encode): Encode =>
  (character) =>
    /[A-Za-z0-9]/.test(character) ? character : encode(character);
const base64 = (before: string, after: string, kind: BufferEncoding) => (value: string) =>
  Buffer.from(before + value + after).toString(kind);
const json: Encode = (value) => JSON.stringify(value).slice(1, -1);
const point = (character: string) => character.codePointAt(0)!;
const lower = (text: string) => text.replace(/%[0-9A-F]{2}/g, (one) => one.toLowerCase());

const ENCODINGS: Readonly<Record<string, Encode>> = {
  'as it is': (value) => value,
  'a URL': encodeURIComponent,
  'a URL in lower case': (value) => lower(encodeURIComponent(value)),
  'a form': (value) => encodeURIComponent(value).replaceAll('%20', '+'),
  'a form in lower case': (value) => lower(encodeURIComponent(value).replaceAll('%20', '+')),
  'a URL with every byte encoded': (value) => bytes(value, (byte) => `%${hex(byte, 2)}`),
  'a URL in a URL': (value) => encodeURIComponent(encodeURIComponent(value)),
  'hexadecimal digits': (value) => Buffer.from(value).toString('hex'),
  ...Object.fromEntries(
    ['', 'u', 'u:'].flatMap((before) =>
      ['', '}', '}}'].flatMap((after) =>
        (['base64', 'base64url'] as const).map((kind) => [
          `${kind} of "${before}…${after}"`,
          base64(before, after, kind),
        ]),
      ),
    ),
  ),
  'base64 without padding': (value) => base64('', '', 'base64')(value).replaceAll('=', ''),
  'base64 in a URL': (value) => encodeURIComponent(base64('', '', 'base64')(value)),
  'base64 in lines of 76': (value) =>
    base64('a long beginning: ', ' and an end', 'base64')(value).replace(/.{20}/g, '$&\n'),
  JSON: json,
  'JSON in JSON': (value) => json(json(value)),
  'JSON as Go writes it': (value) => json(value).replace(/[<>&]/g, (one) => `\\u${hex(point(one), 4)}`),
  'JSON in ASCII': (value) => json(value).replace(/[^ -~]/g, (unit) => `\\u${hex(unit.charCodeAt(0), 4)}`),
  'JSON in ASCII, upper case': (value) =>
    json(value).replace(/[^ -~]/g, (unit) => `\\u${hex(unit.charCodeAt(0), 4).toUpperCase()}`),
  'JSON with every character escaped': (value) => units(value, (unit) => `\\u${hex(unit, 4)}`),
  'JSON with escaped slashes': (value) => json(value).replaceAll('/', '\\/'),
  'HTML, named': (value) =>
    characters(
      value,
      (one) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' })[one] ?? one,
    ),
  'HTML with names for letters': (value) =>
    characters(
      value,
      (one) => ({ ä: '&auml;', ß: '&szlig;', é: '&eacute;', '\u00a0': '&nbsp;', '&': '&amp;' })[one] ?? one,
    ),
  'HTML, decimal': (value) =>
    characters(
      value,
      unlessPlain((one) => `&#${point(one)};`),
    ),
  'HTML, hexadecimal': (value) => characters(value, (one) => `&#x${hex(point(one), 2)};`),
  'HTML, hexadecimal, upper case': (value) =>
    characters(value, (one) => `&#X00${hex(point(one), 2).toUpperCase()};`),
  'HTML twice': (value) =>
    characters(
      value,
      unlessPlain((one) => `&amp;#${point(one)};`),
    ),
  Markdown: (value) => code(value.replaceAll(/[\t\u0085]/g, '')),
  'single quotes of a shell': (value) => `'${value.replaceAll("'", `'\\''`)}'`,
  'single quotes of a shell, the other way': (value) => `'${value.replaceAll("'", `'"'"'`)}'`,
  'double quotes of a shell': (value) => `"${value.replace(/["$`\\!]/g, '\\$&')}"`,
  'backslashes of a shell': (value) =>
    characters(
      value,
      unlessPlain((one) => `\\${one}`),
    ),
  "a shell's $'…'": (value) =>
    `$'${bytes(value, (byte) => (byte > 0x7e || byte < 0x20 ? `\\${byte.toString(8).padStart(3, '0')}` : /['\\]/.test(String.fromCharCode(byte)) ? `\\${String.fromCharCode(byte)}` : String.fromCharCode(byte)))}'`,
  'a shell in JSON': (value) => json(`'${value.replaceAll("'", `'\\''`)}'`),
  'a string of Python': (value) => `'${python(value).replaceAll("'", "\\'")}'`,
  'a string of Python, double quotes': (value) => `"${python(value).replaceAll('"', '\\"')}"`,
  'bytes of Python': (value) =>
    `b'${bytes(value, (byte) => (byte > 0x7e || byte < 0x20 ? `\\x${hex(byte, 2)}` : json(String.fromCharCode(byte)).replace('\\"', '"')))}'`,
  'a string of Go': (value) => json(value).replace(/[\u0085\u00a0]/g, (one) => `\\u${hex(point(one), 4)}`),
  'a string of Go in ASCII': (value) =>
    characters(json(value), (one) =>
      point(one) <= 0x7e
        ? one
        : point(one) > 0xffff
          ? `\\U${hex(point(one), 8)}`
          : `\\u${hex(point(one), 4)}`,
    ),
  'a string of JavaScript': (value) => characters(value, (one) => `\\u{${hex(point(one), 1)}}`),
  SQL: (value) => `'${value.replaceAll("'", "''")}'`,
  CSV: (value) => `"${value.replaceAll('"', '""')}"`,
};

/** As `repr` writes it, but for the quotes. */
const python: Encode = (value) =>
  characters(value, (one) =>
    one === '\\'
      ? '\\\\'
      : one === '\t'
        ? '\\t'
        : /[\u0080-\u00a0]/.test(one)
          ? `\\x${hex(point(one), 2)}`
          : one,
  );

test.each(Object.entries(ENCODINGS))('no secret is seen, and each is found, in %s', (name, encode) => {
  // Markdown has no place for control characters.
  const secret =
    name === 'Markdown' ? anySecret.filter((value) => !/[\t\u0085\u00a0]/.test(value)) : anySecret;
  const isLongEnough = (value: string) => !/base64|digits/.test(name) || value.length >= 10;
  fc.assert(
    fc.property(secret.filter(isLongEnough), (value) => {
      const written = encode(value);
      const redactor = new Redactor({ s: value });
      expect(redactor.found(`before ${written} after`)).toEqual(['s']);
      const hidden = redactor.hide(`before ${written} after`);
      expect(hidden.replace(/<\/?code>/g, '')).toMatch(/^before [^<]*<s>[^<]* after$/);
      // What is left of the encoding are its quotes, and in base64 what stood beside the value.
      if (!/base64/.test(name)) expect(hidden.length).toBeLessThanOrEqual("before $b'<s>' after".length + 13);
    }),
    { numRuns: 50 },
  );
});

test('no secret is seen where each of its characters is written in a way of its own, over several lines', () => {
  const ways: Encode[] = [
    (one) => one,
    (one) => bytes(one, (byte) => `%${hex(byte, 2)}`),
    (one) => units(one, (unit) => `\\u${hex(unit, 4)}`),
    (one) => `&#${point(one)};`,
    (one) => bytes(one, (byte) => `\\${byte.toString(8).padStart(3, '0')}`),
    (one) => `${one}\n   `,
    (one) => `${one}\\\n`,
  ];
  const way = fc.array(fc.nat(ways.length - 1), { minLength: 60, maxLength: 60 });
  fc.assert(
    fc.property(
      anySecret.filter((value) => [...value].length >= 12),
      way,
      (value, chosen) => {
        const written = [...value].map((one, index) => ways[chosen[index]!]!(one)).join('');
        const redactor = new Redactor({ s: value });
        expect(redactor.found(written)).toEqual(['s']);
        expect(redactor.hide(`<${written}>`).trim()).toMatch(/^<<s>[\\\s]*>$/);
      },
    ),
    { numRuns: 150 },
  );
});

test('a text without the secret stays as it is', () => {
  const text = fc.string({ unit: 'binary', maxLength: 200 });
  fc.assert(
    fc.property(anySecret, text, (value, other) => {
      fc.pre(!other.includes(value));
      expect(new Redactor({ s: `${value}-not-in-it` }).hide(other)).toBe(other);
    }),
  );
});

test('a value of many kilobytes is hidden whole, and fast; so is what only begins like one', () => {
  const value = Array.from({ length: 400 }, (_, index) => `{"k${index}": "v\\n'%"}`).join(';');
  const redactor = new Redactor({ s: value });
  const began = performance.now();
  expect(redactor.hide(`a ${JSON.stringify(value)} b`)).toBe('a "<s>" b');
  expect(redactor.found(value.slice(0, -1).replaceAll('v', 'w').repeat(20))).toEqual([]);
  expect(redactor.found(`${'\\'.repeat(200_000)}${'\n'.repeat(50_000)}${'%25'.repeat(50_000)}`)).toEqual([]);
  // A second on a quiet machine. With an expression that backtracks it is many minutes.
  expect(performance.now() - began).toBeLessThan(60_000);
});
