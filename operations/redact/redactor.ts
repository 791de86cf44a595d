import type { Shell } from '../../contract/shell';
import { harmless } from '../terminal/untrusted';
import { Encoded } from './encodings';
import { withoutPasswords } from './urls';

/** Shorter values are found in any text; secrets have at least 12 or 16 characters unless the catalogue says less. */
const SHORTEST = 4;
/** A shorter part may be a word; keys in a list are as long as any other. */
const SHORTEST_PART = 16;
/** As it begins or ends, however it is written. */
const PRIVATE_KEY = new Encoded('PRIVATE KEY-----');

/** A text was about to be shown that holds a secret. */
export class LeakError extends Error {}

/** Knows secrets in the forms in which they travel: see `Encoded`; in base64 of any alignment, and in hexadecimal digits. */
export class Redactor {
  private readonly forms: readonly {
    readonly name: string;
    readonly text: string;
    readonly found: Encoded;
  }[];

  /** By name; more than one where a name has several values. */
  constructor(...secrets: readonly Shell[]) {
    const forms = secrets
      .flatMap((some) => Object.entries(some))
      .filter(([, value]) => (value ?? '').length >= SHORTEST)
      .flatMap(([name, value]) => partsOf(value!).map((part) => ({ name, part })))
      .flatMap(({ name, part }) =>
        formsOf(part).map((text) => ({ name, text, found: new Encoded(text, text !== part) })),
      );
    this.forms = forms.sort((a, b) => b.text.length - a.text.length);
  }

  /** @returns the names of the secrets that a text holds, in whatever form */
  found(text: string): string[] {
    const names = new Set<string>();
    for (const { name, found } of this.forms) {
      if (!names.has(name) && found.isIn(text)) names.add(name);
    }
    if (PRIVATE_KEY.isIn(text)) names.add('a private key');
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

  /** Without what is secret in it: what is known here, and what shows by itself that it is, as a password in a URL does. */
  hide(text: string): string {
    const hidden = this.forms.reduce((rest, { name, found }) => found.replaceIn(rest, `<${name}>`), text);
    const withoutKeys = hidden.replace(
      /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g,
      '<private key>',
    );
    return withoutPasswords(withoutKeys);
  }
}

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
  const text = trimmed.length >= SHORTEST ? trimmed : value;
  const bytes = Buffer.from(text);
  const padded = bytes.toString('base64');
  const base64 = [
    padded,
    padded.replace(/=+$/, ''),
    ...[0, 1, 2].flatMap((offset) => base64Inside(bytes, offset)),
  ];
  return [...new Set([text, ...base64, ...base64.map(urlSafe), ...hexOf(bytes)])];
}

/** The characters of a base64 text that a value alone decides, wherever it stands in what was encoded: `user:<value>`. */
function base64Inside(value: Buffer, offset: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(offset), value]);
  const whole = Math.floor((bytes.length * 8) / 6);
  const text = bytes.toString('base64').slice(Math.ceil((offset * 8) / 6), whole);
  return text.length < 6 ? [] : [text];
}

const urlSafe = (base64: string): string => base64.replaceAll('+', '-').replaceAll('/', '_');

function hexOf(value: Buffer): string[] {
  const digits = value.toString('hex');
  return digits.length < SHORTEST_PART ? [] : [digits, digits.toUpperCase()];
}
