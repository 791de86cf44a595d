/** How Terraform's expressions are written, as far as what this project writes needs it; anything else is odd. */
class Odd extends Error {}

// biome-ignore lint/suspicious/noExplicitAny: a document that another program wrote
type Json = any;

/** Names, too: in maps they may be expressions. */
export function textsIn(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return Object.entries<Json>(value).flatMap(([name, inner]) => [name, ...textsIn(inner)]);
}

const CLOSES: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/**
 * The expressions in a text of Terraform JSON, without what stands in quotes: `${f("a", "${g("b")}")}` is `f("", "g("")")`.
 * Undefined where it is written as this project does not.
 */
export function codeIn(text: string): string | undefined {
  return unlessOdd(() => new Reader(text).template());
}

/**
 * The fields of `${jsonencode({"name" = value, …})}`, each value as it is written. Undefined for any other text: what it
 * yields could have other fields.
 */
export function fieldsOf(text: string): ReadonlyMap<string, string> | undefined {
  const [, body] = /^\$\{jsonencode\(\{([\s\S]*)\}\)\}$/.exec(text) ?? [];
  return body === undefined ? undefined : unlessOdd(() => new Reader(body).fields());
}

/** What a value is where it is no expression: texts, numbers, lists and objects of them. Undefined where it is one. */
export function constantOf(value: string): { readonly is: unknown } | undefined {
  const tokens = value.match(TOKEN) ?? [];
  if (tokens.join('') !== value) return undefined;
  try {
    return { is: JSON.parse(tokens.map((token) => (token === ' = ' ? ':' : token)).join('')) };
  } catch {
    return undefined;
  }
}

const TOKEN = /"(?:[^"\\$%]|[$%](?![$%{])|\\.)*"| = |, |[{}[\]]|-?\d+(?:\.\d+)?|true|false|null/g;

function unlessOdd<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Odd) return undefined;
    throw error;
  }
}

class Reader {
  private at = 0;
  private code = '';

  constructor(private readonly text: string) {}

  /** All of a text in which expressions stand. */
  template(): string {
    while (this.at < this.text.length) this.literal();
    return this.code;
  }

  fields(): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    while (this.at < this.text.length) {
      const [start, name = ''] =
        /^"([A-Za-z]+)" = /.exec(this.text.slice(this.at, this.at + LONGEST_NAME)) ?? [];
      if (start === undefined || found.has(name)) throw new Odd();
      this.at += start.length;
      const from = this.at;
      while (this.at < this.text.length && !this.has(', ')) {
        // It would end the field, too.
        if (this.has('\n')) throw new Odd();
        this.piece();
      }
      found.set(name, this.text.slice(from, this.at));
      this.at += ', '.length;
    }
    return found;
  }

  /** One character of a template, or an expression in it. */
  private literal(): void {
    // Of three, the first is text, and the others are the escape: tried with Terraform.
    if (this.has('$${') || this.has('%%{')) this.at += '$${'.length;
    else if (this.has('${') || this.has('%{')) {
      this.at += '${'.length;
      this.code += ' ';
      this.until('}');
      this.code += ' ';
    } else this.at += 1;
  }

  /** What an expression has up to a bracket that closes it. */
  private until(close: string): void {
    while (!this.has(close)) this.piece();
    this.at += close.length;
  }

  /** One character of an expression, or all in quotes or brackets that begins there. */
  private piece(): void {
    const char = this.text[this.at];
    if (char === undefined || ')]}'.includes(char)) throw new Odd();
    // Comments, and texts without quotes.
    if (['#', '//', '/*', '<<'].some((start) => this.has(start))) throw new Odd();
    this.code += char;
    this.at += 1;
    if (char === '"') this.quoted();
    const close = CLOSES[char];
    if (close === undefined) return;
    this.until(close);
    this.code += close;
  }

  private quoted(): void {
    while (!this.has('"')) {
      if (this.at >= this.text.length) throw new Odd();
      if (this.has('\\')) this.at += 2;
      else this.literal();
    }
    this.code += '"';
    this.at += 1;
  }

  private has(what: string): boolean {
    return this.text.startsWith(what, this.at);
  }
}

const LONGEST_NAME = 100;
