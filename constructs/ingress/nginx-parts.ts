import type { RequestPart } from '../units';

/** For names in nginx.conf, whose variables know no upper case: different parts never have the same one. */
export function idOf(part: RequestPart): string {
  const [[kind, value] = ['', '']] = Object.entries(part);
  const name = kind === 'header' ? String(value).toLowerCase() : String(value);
  return `${kind}_${name.replace(/[^a-z0-9]/g, (character) => `_${character.charCodeAt(0).toString(16)}`)}`;
}

/** The variable with a part's value, empty where a request has none. */
export const variableOf = (part: RequestPart): string =>
  'header' in part ? `$http_${part.header.toLowerCase().replaceAll('-', '_')}` : `$part_${idOf(part)}`;

/** Of all maps: PCRE2 before 10.44 takes no name of more than 32 characters, and a map reads it as soon as it is set. */
const GROUP = 'part_value';

/** Makes those variables that nginx does not have by itself. */
export function partMaps(parts: readonly RequestPart[]): string[] {
  const maps = parts.flatMap((part) => {
    if ('header' in part) return [];
    // Not $cookie_…, whose name knows neither `-` nor upper case; not $uri, which a rewrite changes.
    const [source, pattern] =
      'cookie' in part
        ? ['$http_cookie', `(?:^|; *)${part.cookie}=(?<${GROUP}>[^;]*)`]
        : ['$request_uri', `^(?:/[^/?]*){${part.path - 1}}/(?<${GROUP}>[^/?]+)`];
    return [`map ${source} ${variableOf(part)} {\n  "~${pattern}" $${GROUP};\n  default '';\n}`];
  });
  return [...new Set(maps)];
}
