/** What came back for one request, or why nothing did. */
export interface Attempt {
  readonly status?: number;
  readonly body?: string;
  /** The whole body came. */
  readonly complete?: boolean;
  readonly error?: NodeJS.ErrnoException;
  readonly timedOut?: boolean;
}

export interface Failure {
  /** One or two words to count by: `refused`, `reset`, `time-out`, `truncated`, `status 502`, `body`. */
  readonly kind: string;
  readonly message: string;
}

const KINDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ETIMEDOUT: 'time-out',
};

/** @returns undefined only for the full answer of the service that was asked, with the status of success */
export function judge(
  { method, service }: { readonly method: 'GET' | 'POST'; readonly service: string },
  attempt: Attempt,
): Failure | undefined {
  const { status, body = '', complete, error, timedOut } = attempt;
  if (timedOut) return { kind: 'time-out', message: status ? `after status ${status}` : 'no answer in time' };
  // A connection that breaks after the header is the server's doing as well.
  if (error) {
    const kind = status === undefined ? (KINDS[error.code ?? ''] ?? error.code ?? 'error') : 'truncated';
    return { kind, message: error.message };
  }
  if (!complete) return { kind: 'truncated', message: `${body.length} characters came` };
  // The applications create with 201.
  const good = method === 'POST' ? status === 200 || status === 201 : status === 200;
  if (!good)
    return {
      kind: `status ${status}`,
      message: body
        .replace(/(<[^>]*>|\s)+/g, ' ')
        .trim()
        .slice(0, 160),
    };
  return bodyFailure(service, body);
}

function bodyFailure(service: string, body: string): Failure | undefined {
  let told: unknown;
  try {
    told = (JSON.parse(body) as { service?: unknown } | null)?.service;
  } catch {
    return { kind: 'body', message: `no JSON: ${body.slice(0, 80)}` };
  }
  return told === service
    ? undefined
    : { kind: 'body', message: `from ${String(told)} instead of ${service}` };
}
