import { connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a port of loopback that can be cut and mended. */
export class Cable {
  /** Bytes that went to the other end. */
  sent = 0;
  /** Who came in vain. */
  refused = 0;
  private isCut = false;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  constructor(
    readonly port: number,
    to: number,
  ) {
    this.server = createServer((socket) => {
      socket.on('error', () => {});
      if (this.isCut) {
        this.refused += 1;
        socket.destroy();
        return;
      }
      const other = connect(to, '127.0.0.1');
      other.on('error', () => socket.destroy());
      for (const one of [socket, other]) {
        this.sockets.add(one);
        one.on('close', () => this.sockets.delete(one));
      }
      socket.on('data', (chunk) => {
        this.sent += chunk.length;
      });
      socket.pipe(other);
      other.pipe(socket);
    });
  }

  open(): Promise<void> {
    return new Promise((done) => this.server.listen(this.port, '127.0.0.1', done));
  }

  /** Connections end in the middle of what they carry, and no new one is taken. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  /** Connections stay open, and nothing comes through any more: a server that hangs. */
  freeze(): void {
    for (const socket of this.sockets) socket.unpipe().pause();
  }

  mend(): void {
    this.isCut = false;
  }

  close(): void {
    this.cut();
    this.server.close();
  }
}
