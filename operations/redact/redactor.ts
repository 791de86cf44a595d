import type { Shell } from '../../contract/shell';
import { harmless } from '../terminal/untrusted';

/** Shorter values are found in any text; secrets have at least 12 or 16 characters unless the catalogue says less. */
const SHORTEST = 4;
/** A shorter part may be a word; keys in a list are as long as any other. */
const SHORTEST_PART = 16;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** A text was about to be shown that holds a secret. */
export class LeakError extends Error {}

/** Knows secrets in the forms in which they travel: as they are, in JSON, base64 of any alignment, URL-encoded. */
export class Redactor {
  private readonly forms: readonly { readonly name: string; readonly text: string }[];

  /** By name; more than one where a name has several values. */
  constructor(...secrets: readonly Shell[]) {
    this.forms = secrets
      .flatMap((some) => Object.entries(some))
      .filter(([, value]) => (value ?? '').length >= SHORTEST)
      .flatMap(([name, value]) => partsOf(value!).map((part) => ({ name, part })))
      .flatMap(({ name, part }) => formsOf(part).map((text) => ({ name, text })));
  }

  /** @returns the names of the secrets that a text holds, as it is or as a reader of its HTML sees it */
  found(text: string): string[] {
    const shown = withoutEntities(text);
    const holds = (form: string) => text.includes(form) || shown.includes(form);
    const names = new Set(this.forms.filter((form) => holds(form.text)).map(({ name }) => name));
    if (PRIVATE_KEY.test(shown)) names.add('a private key');
    return [...names];
  }

  /** @throws {LeakError} naming the secrets, never a value, when the text holds one */
  check(text: string, where: string): void {
    const names = this.found(text);
    if (names.length === 0) return;
    throw new LeakError(
      `${where} would show ${names.join(', ')}, so nothing of it is shown\n  take the value out of the catalogue, or rotate it if it was ever printed`,
    );
  }

  /** What others wrote, for people to read: without what is secret in it, and without what a terminal or a CI would obey. */
  show(text: string): string {
    return harmless(this.hide(text));
  }

  /** Without what is secret in it. What only a reader of its HTML sees stays: `found` knows of it. */
  hide(text: string): string {
    const longestFirst = [...this.forms].sort((a, b) => b.text.length - a.text.length);
    const hidden = longestFirst.reduce((rest, form) => rest.replaceAll(form.text, `<${form.name}>`), text);
    return hidden.replace(
      /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g,
      '<private key>',
    );
  }
}

/** As a reader of the HTML in a Markdown text sees it. */
const withoutEntities = (text: string): string =>
  text.replace(/&#(\d{1,7});/g, (entity, point) =>
    Number(point) <= 0x10ffff ? String.fromCodePoint(Number(point)) : entity,
  );

/** A value that is a list, such as of accepted keys, is one secret each, and so is each line of a private key. */
const partsOf = (value: string): string[] => [
  value,
  ...[...value.split(','), ...linesOfKeys(value)]
    .map((part) => part.trim())
    .filter((part) => part !== value && part.length >= SHORTEST_PART),
];

/** Other lines, such as of a configuration file, may stand anywhere. */
const linesOfKeys = (value: string): string[] =>
  [...value.matchAll(/-----BEGIN [A-Z ]*PRIVATE KEY-----([\s\S]*?)-----END/g)].flatMap(([, body = '']) =>
    body.split('\n'),
  );

function formsOf(value: string): string[] {
  // A final newline is often not part of what leaks.
  const trimmed = value.trim();
  const encoded = encodeURIComponent(trimmed);
  const json = JSON.stringify(trimmed).slice(1, -1);
  const forms = [
    value,
    trimmed,
    json,
    // Go's JSON writes these three otherwise than JavaScript.
    json.replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026'),
    encoded,
    encoded.replaceAll('%20', '+'),
    encoded.replace(/[!'()*]/g, percent),
    [...trimmed].map(percentUnlessPlain).join(''),
    Buffer.from(trimmed).toString('base64'),
    ...[0, 1, 2].flatMap((offset) => base64Inside(trimmed, offset)),
  ];
  return [...new Set(forms)].filter((form) => form.length >= SHORTEST);
}

const percent = (character: string): string =>
  [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
const percentUnlessPlain = (character: string): string =>
  /[A-Za-z0-9]/.test(character) ? character : percent(character);

/** The characters of a base64 text that a value alone decides, wherever it stands in what was encoded: `user:<value>`. */
function base64Inside(value: string, offset: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)]);
  const whole = Math.floor((bytes.length * 8) / 6);
  const text = bytes.toString('base64').slice(Math.ceil((offset * 8) / 6), whole);
  return text.length < 6 ? [] : [text, text.replaceAll('+', '-').replaceAll('/', '_')];
}
