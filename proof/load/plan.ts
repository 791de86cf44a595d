/** One kind of request, sent over and over by some clients that each have a connection (or none) of their own. */
export interface Stream {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** The service that must say its name in the answer. */
  readonly service: string;
  /** One connection for each client, or a new one for each request. */
  readonly keepAlive: boolean;
  readonly clients: number;
  /** Of all clients together; never made up for after a pause. */
  readonly requestsPerSecond: number;
  /** Addresses of this machine, given to the clients in turn. */
  readonly from: readonly string[];
  /** Bytes of the JSON body of a POST, at least. @default 200 */
  readonly bodyBytes?: number;
}

export interface LoadPlan {
  readonly target: { readonly address: string; readonly port: number; readonly tls: boolean };
  readonly streams: readonly Stream[];
  /** It ends by itself at the first of both. */
  readonly maxSeconds: number;
  readonly maxRequests: number;
  /** A request without its whole answer after so many seconds has failed. */
  readonly timeoutSeconds: number;
  /** How many of the requests that failed are told one by one. @default 20 */
  readonly keptFailures?: number;
}

/** Loopback and the subnets that labs choose from: load never leaves this machine. */
const OWN = /^(127\.\d+\.\d+\.\d+|10\.213\.\d+\.\d+)$/;

/** Below the 10 per second that nginx allows an address for each service on all routes but `/`. */
export const MOST_PER_ADDRESS = 9;

/** @throws Error for a plan that would leave this machine, never end, or measure nginx's limit per client */
export function checkPlan(plan: LoadPlan): void {
  const { target, streams, maxSeconds, maxRequests, timeoutSeconds } = plan;
  for (const address of [target.address, ...streams.flatMap(({ from }) => from)]) {
    if (!OWN.test(address))
      throw new Error(`${address} is no address of a lab: load never leaves this machine`);
  }
  for (const [name, value] of Object.entries({ maxSeconds, maxRequests, timeoutSeconds })) {
    if (!(value > 0 && value < Number.POSITIVE_INFINITY)) throw new Error(`${name} ${value}: load must end`);
  }
  for (const { name, clients, requestsPerSecond, from } of streams) {
    if (from.length === 0 || clients < 1 || !(requestsPerSecond > 0)) {
      throw new Error(`stream ${name} needs a client, a rate and an address`);
    }
  }
  for (const [who, rate] of ratesPerAddress(streams)) {
    if (rate > MOST_PER_ADDRESS) {
      throw new Error(
        `${rate.toFixed(1)} requests/s from ${who}: nginx would answer 429\n  use more addresses, or ${MOST_PER_ADDRESS}/s`,
      );
    }
  }
}

/** Requests per second by address and service, for the routes that nginx limits. */
export function ratesPerAddress(streams: readonly Stream[]): Map<string, number> {
  const rates = new Map<string, number>();
  for (const { path, service, clients, requestsPerSecond, from } of streams) {
    if (path === '/') continue;
    for (let client = 0; client < clients; client++) {
      const who = `${from[client % from.length]} to ${service}`;
      rates.set(who, (rates.get(who) ?? 0) + requestsPerSecond / clients);
    }
  }
  return rates;
}
