/** The daemon took the request and is silent: `explain` makes a ConnectionError of it. */
export class NoAnswer extends Error {
  constructor(readonly seconds: number) {
    super(`no answer for ${seconds} s`);
    this.name = 'NoAnswer';
  }
}

/**
 * Waits for an answer of the Docker API, but not forever: a connection that is cut does not say so, and a daemon that
 * hangs (on a disk, for example) keeps the connection, which ssh calls alive.
 *
 * @throws {NoAnswer} when the time is over; the request itself goes on until its connection is closed
 */
export async function within<T>(answer: Promise<T>, seconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswer(seconds)), seconds * 1000);
  });
  try {
    return await Promise.race([answer, silence]);
  } finally {
    clearTimeout(timer);
  }
}
