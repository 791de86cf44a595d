/** A part of a request: the value of a cookie or a header, or one of the names between the slashes of its path. */
export type RequestPart =
  | { readonly cookie: string }
  | { readonly header: string }
  /** 3 is `42` in `/monitoring/sessions/42/frame`. */
  | { readonly path: number };

/** What is wrong with one that a catalogue names. */
export function partErrors(what: string, part: RequestPart): string[] {
  const [[kind, value] = ['nothing', '']] = Object.entries(part);
  if (Object.keys(part).length !== 1)
    return [`${what} has ${JSON.stringify(part)}. Name one part of a request`];
  if (kind === 'path') {
    return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 20
      ? []
      : [`${what}: ${value} is no part of a path. Count from 1: in /a/b/c the third is c`];
  }
  if (kind !== 'cookie' && kind !== 'header')
    return [`${what}: ${kind} is no part of a request. Name a cookie or a header`];
  return /^[A-Za-z0-9_-]{1,60}$/.test(String(value))
    ? []
    : [`${what}: '${value}' is no name of a ${kind}. Use letters, digits, _ and -`];
}
