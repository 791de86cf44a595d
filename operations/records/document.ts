/** A JSON document as the contents of a Swarm config. */
export const toData = (document: unknown): string => Buffer.from(JSON.stringify(document)).toString('base64');

/** Undefined where it cannot be read. */
export function fromData<T>(data: string | undefined): T | undefined {
  try {
    return JSON.parse(Buffer.from(data ?? '', 'base64').toString()) as T;
  } catch {
    return undefined;
  }
}

/** Names are unique in a Swarm: somebody was faster. */
export const isTaken = (error: unknown): boolean =>
  (error as { statusCode?: number }).statusCode === 409 || /already exists/i.test(String(error));
