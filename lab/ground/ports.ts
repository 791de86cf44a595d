import { createConnection, createServer } from 'node:net';
import { LabError } from './error';

/** @throws LabError when something listens on this port of 127.0.0.1 */
export function requireFreePort(port: number, purpose: string, variable: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', () => {
      reject(
        new LabError(
          `port ${port} on 127.0.0.1 is taken, and the lab's ${purpose} needs it`,
          `end the program that has it (\`ss -ltnp sport = :${port}\`), or choose another: ${variable}=<port>`,
        ),
      );
    });
    server.listen(port, '127.0.0.1', () => server.close(() => resolve()));
  });
}

/** Whether a connection to this port of 127.0.0.1 is accepted. */
export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
