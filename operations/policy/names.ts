/** `--acknowledge edge,mariadb` and ACKNOWLEDGE of the shell, together. */
export const namesIn = (...texts: readonly (string | undefined)[]): string[] => [
  ...new Set(texts.flatMap((text) => (text ?? '').split(/[\s,]+/)).filter(Boolean)),
];
