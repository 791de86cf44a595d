import type { LoadPlan, Stream } from '../load/plan';

/** Client addresses that the mix wants: no address then asks a service more than 9 times a second. */
export const CLIENT_ADDRESSES = 60;

const ROUTES: Readonly<Record<string, string>> = {
  userservice: '/users',
  reservationservice: '/exams',
  monitoringservice: '/monitoring',
  correctionservice: '/corrections',
  notificationservice: '/notifications',
  analyticsservice: '/analytics',
};
// The other two make no tables themselves, so a POST has nowhere to go.
const KEEPING = ['reservationservice', 'monitoringservice', 'correctionservice', 'notificationservice'];

/**
 * What clients of the platform do: GET everywhere, POST with a body where rows are kept, on connections that are kept
 * and on new ones.
 *
 * @param rate 1 is about 330 requests a second
 */
export function mix(from: readonly string[], rate: number): Stream[] {
  let turn = 0;
  const stream = (
    name: string,
    service: string,
    what: Pick<Stream, 'keepAlive' | 'clients' | 'requestsPerSecond'> & Partial<Stream>,
  ): Stream => ({
    name,
    service,
    method: 'GET',
    path: ROUTES[service]!,
    // Each starts at another address, or the first ones would have all of them.
    from: rotated(from, 7 * turn++),
    ...what,
    requestsPerSecond: what.requestsPerSecond * rate,
  });
  const services = Object.keys(ROUTES);
  return [
    stream('root', 'userservice', { path: '/', keepAlive: true, clients: 12, requestsPerSecond: 100 }),
    stream('root-new', 'userservice', { path: '/', keepAlive: false, clients: 4, requestsPerSecond: 15 }),
    ...services.map((name) =>
      stream(`get-${name}`, name, { keepAlive: true, clients: 10, requestsPerSecond: 22 }),
    ),
    ...services.map((name) =>
      stream(`new-${name}`, name, { keepAlive: false, clients: 3, requestsPerSecond: 4 }),
    ),
    ...KEEPING.map((name) =>
      stream(`post-${name}`, name, { method: 'POST', keepAlive: true, clients: 5, requestsPerSecond: 12 }),
    ),
    ...KEEPING.map((name) =>
      stream(`new-post-${name}`, name, {
        method: 'POST',
        keepAlive: false,
        clients: 2,
        requestsPerSecond: 3,
        bodyBytes: 20_000,
      }),
    ),
  ];
}

const rotated = <T>(list: readonly T[], by: number): T[] => {
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
};

/** @param maxSeconds a deploy that takes longer than this is cut off and counts as broken */
export const loadPlan = (
  target: { readonly address: string; readonly port: number },
  streams: readonly Stream[],
  maxSeconds = 600,
): LoadPlan => ({
  target: { ...target, tls: true },
  streams,
  maxSeconds,
  maxRequests: 1_000_000,
  timeoutSeconds: 15,
});
