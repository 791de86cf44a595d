/** Milliseconds for one request and its answer. */
export const TIMEOUT = 15_000;

const RESETS = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'];

/**
 * One request within the time-out. Tried once more when the server fails (5xx) or cuts the connection, which registries
 * behind load balancers do now and then.
 *
 * @throws Error that says in people's words that the host does not answer
 */
export async function ask(url: URL, init: RequestInit, timeout: number, again = true): Promise<Response> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeout) });
    if (response.status < 500 || !again) return response;
    await response.body?.cancel();
  } catch (error) {
    const code = codeOf(error);
    if (!again || !RESETS.includes(code)) {
      const why = code === 'TimeoutError' ? `nothing within ${timeout / 1000} s` : code;
      throw new Error(
        `${url.host} does not answer (${why})\n  check the name and the network, then run it again`,
      );
    }
  }
  await new Promise((done) => setTimeout(done, Math.min(500, timeout)));
  return ask(url, init, timeout, false);
}

/** fetch says "fetch failed" and hides the reason one level down. */
function codeOf(error: unknown): string {
  const { name, message, cause } = error as Error & { cause?: NodeJS.ErrnoException };
  return cause?.code ?? (name === 'TimeoutError' ? name : (cause?.message ?? message));
}
