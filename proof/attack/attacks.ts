import { deaf } from './frames';

/** What one client does to the entrance, over and over: it opens connections, sends a part of something, and keeps them. */
export interface Attack {
  readonly name: string;
  readonly title: string;
  /** @default true */
  readonly tls?: boolean;
  /** It holds no more at a time. */
  readonly most: number;
  /** Opened in a second, so that one machine has room for the attack beside all that is attacked. */
  readonly perSecond: number;
  /** Sent on each at once. @default nothing */
  readonly opening?: string | Buffer;
  /** @default HTTP/1.1 */
  readonly alpn?: 'h2';
  /** Sent on each every few seconds, so that it is not idle. @default nothing */
  readonly more?: string;
  /** What is answered is not read. @default false */
  readonly deaf?: boolean;
  /** It ends each as soon as it is open. @default false */
  readonly hangsUp?: boolean;
  /** Seconds of it. @default as long as it takes to see the others' p99 */
  readonly seconds?: number;
  /**
   * How it must end for the one who does it: `served`, each connection answered and left open, or `stopped` at the number of
   * connections that an address may have. @default however it ends
   */
  readonly end?: 'served' | 'stopped';
}

const request = (line: string, ...headers: string[]) =>
  [`${line} HTTP/1.1`, 'Host: localhost', ...headers, ''].join('\r\n');
const upload = (bytes: number, begun: number) =>
  `${request('POST /monitoring', 'Content-Type: application/json', `Content-Length: ${bytes}`)}\r\n${'x'.repeat(begun)}`;
/** Of an answer: more than all buffers on its way to a client have room for. The rest is in its service's memory. */
export const LARGE = 2_500_000;
const filler = (count: number) => Array.from({ length: count }, (_, at) => `X-${at}: ${'x'.repeat(7500)}`);

export const ATTACKS: readonly Attack[] = [
  {
    name: 'slow-headers',
    title: 'requests half sent, a header every few seconds',
    most: 5000,
    perSecond: 60,
    opening: request('GET /users'),
    more: 'X-More: 1\r\n',
  },
  {
    name: 'slow-bodies',
    title: 'bodies of 120 kB half sent, a byte every few seconds',
    most: 3000,
    perSecond: 60,
    opening: upload(120_000, 60_000),
    more: 'x',
  },
  {
    name: 'slow-readers',
    title: 'answers of 2.5 MB that nobody reads',
    most: 3000,
    perSecond: 12,
    opening: `${request(`GET /?bytes=${LARGE}`)}\r\n`,
    deaf: true,
  },
  {
    name: 'closed-windows',
    title: 'answers of HTTP/2 that nobody takes, with half a header each',
    most: 3000,
    perSecond: 60,
    alpn: 'h2',
    opening: deaf({ path: '/?bytes=200000' }),
  },
  { name: 'idle-tls', title: 'idle TLS connections', most: 5000, perSecond: 80 },
  {
    name: 'uploads',
    title: 'uploads of 50 MB that never end',
    most: 60,
    perSecond: 10,
    opening: upload(49_000_000, 2_000_000),
    more: 'x'.repeat(200_000),
  },
  { name: 'handshakes', title: 'handshakes and nothing else', most: 1000, perSecond: 60, hangsUp: true },
  {
    name: 'websockets',
    title: 'WebSockets',
    most: 1000,
    perSecond: 40,
    opening: `${request(
      'GET /monitoring/ws',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    )}\r\n`,
  },
  {
    name: 'big-headers',
    title: 'headers of 30 kB half sent',
    most: 5000,
    perSecond: 60,
    opening: request('GET /users', ...filler(4)),
    more: 'X-More: 1\r\n',
  },
];

/** Without handshakes, which would be the bottleneck: as fast as two processors allow, to more than an address may have. */
export const FLOODS: readonly Attack[] = [
  {
    name: 'idle-flood',
    title: 'more idle connections than an address may have',
    tls: false,
    most: 6000,
    perSecond: 500,
    end: 'stopped',
  },
  {
    name: 'header-flood',
    title: 'more requests half sent than an address may have connections',
    tls: false,
    most: 9500,
    perSecond: 700,
    opening: request('GET /users'),
    more: 'X-More: 1\r\n',
    end: 'stopped',
  },
];

/** No attack, and as large as one: browsers keep what they have opened. */
export const CLASSROOM: Attack = {
  name: 'classroom',
  title: '600 browsers with six connections each behind one address',
  most: 3600,
  perSecond: 80,
  opening: `${request('GET /')}\r\n`,
  seconds: 60,
  end: 'served',
};
