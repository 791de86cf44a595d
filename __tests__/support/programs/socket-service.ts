import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';

/** A service that upgrades to WebSocket, and answers `here` to whatever it is sent. */
export class SocketService {
  private readonly sockets = new Set<Duplex>();
  private readonly server = createServer((_, response) => response.end());

  async start(port: number): Promise<void> {
    this.server.on('upgrade', (_, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
      this.sockets.add(socket);
      socket.on('data', (data: Buffer) => {
        if ((data[0]! & 0x0f) === 1) socket.write(frame(1, Buffer.from('here')));
      });
      socket.on('error', () => {});
      socket.on('close', () => this.sockets.delete(socket));
    });
    await new Promise<void>((done) => this.server.listen(port, '127.0.0.1', done));
  }

  /** As uvicorn does when it stops, with 1012: a close frame first. */
  closeAll(code: number): void {
    const payload = Buffer.alloc(2);
    payload.writeUInt16BE(code);
    for (const socket of this.sockets) socket.end(frame(8, payload));
  }

  /** As a program that just ends. */
  dropAll(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  stop(): void {
    this.dropAll();
    this.server.closeAllConnections();
    this.server.close();
  }
}

const frame = (opcode: number, payload: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0x80 | opcode, payload.length]), payload]);
