/** The base64 of a public key: its parts with their lengths before them. */
export const wire = (...parts: readonly string[]): string =>
  Buffer.concat(
    parts.flatMap((part) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(part.length);
      return [length, Buffer.from(part)];
    }),
  ).toString('base64');
