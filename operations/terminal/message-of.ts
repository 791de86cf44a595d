/** What was thrown, in words. JavaScript throws whatever it is given. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The same without what stands below: mostly what to do. */
export const firstLineOf = (error: unknown): string => messageOf(error).split('\n')[0] ?? '';
