/** Headers of answers that are nginx's own business, or that a service may send more than once. */
const RESERVED = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'date',
  'location',
  'set-cookie',
  'transfer-encoding',
  'upgrade',
]);

export function headerErrors(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).flatMap(([name, value]) => {
    if (!/^[A-Za-z0-9-]{1,100}$/.test(name)) {
      return [`'${name}' is no name of a header. Use letters, digits and -, 100 of them at most`];
    }
    if (RESERVED.has(name.toLowerCase())) return [`the header ${name} is the service's to say. Leave it out`];
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is refused
    return /["\\$\x00-\x1f\x7f]/.test(value)
      ? [`the header ${name} has ", \\, $ or a line break, which nginx.conf cannot say. Leave them out`]
      : [];
  });
}

const security = (hsts: boolean): Record<string, string> => ({
  'X-Frame-Options': 'SAMEORIGIN',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'strict-origin-when-cross-origin',
  ...(hsts ? { 'Strict-Transport-Security': 'max-age=63072000' } : {}),
});

const quoted = (value: string) => (/^[\w-]+$/.test(value) ? value : `"${value}"`);
const add = ([name, value]: [string, string]) => `add_header ${name} ${quoted(value)} always;`;

const wordOf = (name: string) => name.toLowerCase().replaceAll('-', '_');
const addDefault = (name: string) => `add_header ${name} $default_${wordOf(name)} always;`;

/** What each security header is where an answer has none: beside the service's own a browser might take the weaker of the two. */
export const headerDefaults = (hsts: boolean): string =>
  Object.entries(security(hsts))
    .map(
      ([name, value]) =>
        `map $sent_http_${wordOf(name)} $default_${wordOf(name)} { '' ${quoted(value)}; default ''; }`,
    )
    .join('\n');

/** Each server repeats them: one add_header in a block drops all that it would inherit. */
export const securityHeaders = (hsts: boolean): string =>
  Object.keys(security(hsts)).map(addDefault).join('\n');

/** The security headers again, and a route's own, each in place of what would be sent; an empty one takes it away. */
export function routeHeaders(headers: Readonly<Record<string, string>>, hsts: boolean): string[] {
  const own = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  if (own.size === 0) return [];
  return [
    ...Object.keys(security(hsts))
      .filter((name) => !own.has(name.toLowerCase()))
      .map(addDefault),
    ...Object.entries(headers)
      .filter(([, value]) => value !== '')
      .map(add),
    ...Object.keys(headers).map((name) => `proxy_hide_header ${name};`),
  ];
}
