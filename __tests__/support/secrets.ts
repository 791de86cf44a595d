import fc from 'fast-check';

/** What programs write differently: quotes, what shells and URLs read, HTML, letters of other languages, an emoji. */
const TRICKY = [
  ...`'"\`\\$%&<>#+=/?@!;:,.*~^|{}[]() _-\t`,
  'ä',
  'ß',
  'é',
  '\u00a0',
  '\u0085',
  'Ω',
  '語',
  '😀',
];
const PLAIN = [...'abcdefxnrtuUABCDEFXNRT0123456789'];

const character = fc.oneof(fc.constantFrom(...PLAIN), fc.constantFrom(...TRICKY));

/** Values as people choose them, and worse. Printable at both ends: a value is known without the space around it. */
export const anySecret = fc
  .array(character, { minLength: 6, maxLength: 60 })
  .map((characters) => characters.join('').trim())
  // Of two different characters, a word would be found by chance in what was written beside it.
  .filter((value) => value.length >= 6 && new Set(value).size > 3);
