/**
 * Text for Terraform JSON that must arrive as it is. `${` starts an interpolation and `%{` a directive; `Fn.rawString`
 * escapes only the first, so that `curl -w '%{http_code}'` in a health check would not even validate.
 */
export function literal(text: string): string {
  // As functions: in a replacement string `$$` would be a single `$`.
  return text.replaceAll('${', () => '$${').replaceAll('%{', () => '%%{');
}

/**
 * A value as a Terraform expression that yields it. Strings are templates: `${…}` in them stays an expression (one that
 * fills the whole string keeps its type), everything else is text. cdktf's own `Fn` escapes such expressions.
 */
export function hcl(value: unknown): string {
  if (typeof value === 'string') return template(value);
  if (Array.isArray(value)) return `[${value.map(hcl).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)} = ${hcl(item)}`).join(', ')}}`;
  }
  return JSON.stringify(value ?? null);
}

function template(text: string): string {
  let result = '';
  let start = 0;
  for (let at = text.indexOf('${'); at !== -1; at = text.indexOf('${', Math.max(at + 2, start))) {
    // `$${` is a written-out `${`.
    if (text[at - 1] === '$') continue;
    const end = closingBrace(text, at + 2);
    result += quoted(text.slice(start, at)) + text.slice(at, end + 1);
    start = end + 1;
  }
  return `"${result}${quoted(text.slice(start))}"`;
}

/** HCL has JSON's escapes but for these two. */
const quoted = (text: string) =>
  JSON.stringify(text)
    .slice(1, -1)
    .replace(
      /(?<!\\)((?:\\\\)*)\\([bf])/g,
      (_, before, char) => `${before}${char === 'b' ? '\\u0008' : '\\u000c'}`,
    );

/** The index of the brace that closes an expression, braces and strings inside it passed over. */
function closingBrace(text: string, from: number): number {
  let depth = 1;
  let inString = false;
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (char === '"' && text[at - 1] !== '\\') inString = !inString;
    else if (!inString && char === '{') depth++;
    else if (!inString && char === '}' && --depth === 0) return at;
  }
  throw new Error(`an expression is not closed: ${text.slice(from - 2)}`);
}
