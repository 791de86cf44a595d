/** What was thrown, in words. JavaScript throws whatever it is given. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
