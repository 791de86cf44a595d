/** Lists whose order says nothing, and which the provider keeps in an order of its own. */
const SETS = /(^|\.)(Mounts|Ports|Constraints|Networks|Aliases)$/;

/** Paths of `part` that `whole` does not hold. Docker leaves out what is empty or zero. */
export function missing(part: unknown, whole: unknown, path = ''): string[] {
  if (isEmpty(part) && isEmpty(whole)) return [];
  if (Array.isArray(part) && Array.isArray(whole) && SETS.test(path)) {
    const held = (item: unknown) => whole.some((other) => missing(item, other).length === 0);
    return part.length === whole.length && part.every(held) ? [] : [path];
  }
  if (typeof part !== 'object' || part === null || Array.isArray(part)) {
    return JSON.stringify(part) === JSON.stringify(whole) ? [] : [path];
  }
  return Object.entries(part).flatMap(([key, value]) =>
    missing(value, (whole as Record<string, unknown> | undefined)?.[key], path ? `${path}.${key}` : key),
  );
}

/** Nothing, or what Docker means by nothing. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === 0 || value === '' || value === false) return true;
  return typeof value === 'object' && Object.values(value).every(isEmpty);
}
