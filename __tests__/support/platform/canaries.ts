/** A value that no text has by chance, with characters that every encoding changes. */
export const canary = (name: string): string => `k4n4ri&${name}/+?=%"ü`;

/** How a value could hide in a text. */
export const disguises = (value: string): string[] => [
  value,
  encodeURIComponent(value),
  strictlyEncoded(value),
  JSON.stringify(value).slice(1, -1),
  ...[0, 1, 2].flatMap((before) => {
    const text = base64Inside(value, before);
    return [text, text.replaceAll('+', '-').replaceAll('/', '_')];
  }),
  Buffer.from(value).toString('hex'),
];

/** As the launcher does: RFC 3986 keeps letters, digits and -._~ alone. */
const strictlyEncoded = (value: string): string =>
  encodeURIComponent(value).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** What base64 makes of a value inside a longer text: three bytes become four characters, so where it begins matters. */
function base64Inside(value: string, before: number): string {
  const bytes = Buffer.from(value);
  const text = Buffer.concat([Buffer.alloc(before), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const start = before === 0 ? 0 : before + 1;
  const rest = (before + bytes.length) % 3;
  return text.slice(start, rest === 0 ? undefined : -1);
}

/** `<name>: <value>` for each text that has one of the values, in whatever disguise. */
export const findings = (texts: Iterable<[string, string]>, values: readonly string[]): string[] =>
  [...texts].flatMap(([name, text]) =>
    values
      .filter((value) => disguises(value).some((disguise) => text.includes(disguise)))
      .map((value) => `${name}: ${value}`),
  );
