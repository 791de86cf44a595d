import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';

export interface Held {
  readonly sockets: readonly TLSSocket[];
  /** How many did not come to be, or ended. */
  ended(): number;
  /** The statuses that were answered. */
  readonly statuses: readonly number[];
  release(): void;
}

const AT_ONCE = 50;

/**
 * Connections of one address that stay open, each made with a whole handshake, then `send` on it.
 * @param answered waits for the first byte of an answer on each
 */
export async function hold(
  { port, from, alpn, paused }: { port: number; from: string; alpn?: string; paused?: boolean },
  count: number,
  send: string | Buffer = '',
  answered = false,
): Promise<Held> {
  const sockets: TLSSocket[] = [];
  const statuses: number[] = [];
  let ended = 0;
  const one = () =>
    new Promise<void>((done) => {
      const socket = connect({
        host: '127.0.0.1',
        port,
        localAddress: from,
        rejectUnauthorized: false,
        ...(alpn ? { ALPNProtocols: [alpn] } : {}),
      } as ConnectionOptions);
      sockets.push(socket);
      socket.on('error', () => {});
      socket.once('close', () => {
        ended++;
        done();
      });
      socket.once('secureConnect', () => {
        if (paused) socket.pause();
        else
          socket.once('data', (data) => {
            statuses.push(Number(String(data).slice(9, 12)));
            done();
          });
        if (send.length > 0) socket.write(send);
        if (!answered) done();
      });
    });
  for (let made = 0; made < count; made += AT_ONCE)
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - made) }, one));
  return {
    sockets,
    statuses,
    ended: () => ended,
    release: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}
