/** The variables of a shell, as a process is started with them. */
export type Shell = Readonly<Record<string, string | undefined>>;
