import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';

/** A Docker daemon on a socket of its own that answers as a test says. */
export interface FakeDaemon {
  readonly host: string;
  readonly requests: readonly string[];
  /** How many connections were made to it. */
  connections(): number;
  /** A folder with an `ssh` that leads to this daemon and writes its arguments to `ssh.args`. */
  readonly sshFolder: string;
  /** Stops answering, as a daemon that is killed; the socket's folder stays. */
  down(): Promise<void>;
  stop(): Promise<void>;
}

type Answer = (request: IncomingMessage, body: string, response: ServerResponse) => void;
type Upgrade = (request: IncomingMessage, socket: Duplex) => void;

export async function fakeDaemon(answer: Answer, upgrade?: Upgrade): Promise<FakeDaemon> {
  const folder = mkdtempSync(join(tmpdir(), 'daemon-'));
  const path = join(folder, 's');
  const requests: string[] = [];
  let connections = 0;
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      requests.push(`${request.method} ${decodeURIComponent(request.url ?? '')}`);
      response.setHeader('Content-Type', 'application/json');
      answer(request, body, response);
    });
  });
  // As Docker's: a connection stays while somebody has it, also on a busy machine.
  server.keepAliveTimeout = 0;
  server.on('connection', () => {
    connections += 1;
  });
  if (upgrade) server.on('upgrade', (request, socket) => upgrade(request, socket));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const bridge = `const s = require('net').connect({ path: ${JSON.stringify(path)}, allowHalfOpen: true });
process.stdin.pipe(s); s.pipe(process.stdout); s.on('error', (e) => { console.error('dial unix: ' + e.message); process.exit(1); });`;
  writeFileSync(join(folder, 'bridge.js'), bridge);
  const script = `#!/bin/sh\necho "$@" >> '${folder}/ssh.args'\nexec '${process.execPath}' '${folder}/bridge.js'\n`;
  writeFileSync(join(folder, 'ssh'), script, { mode: 0o755 });
  const down = async () => {
    if (!server.listening) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    host: `unix://${path}`,
    requests,
    connections: () => connections,
    sshFolder: folder,
    down,
    stop: async () => {
      await down();
      rmSync(folder, { recursive: true });
    },
  };
}
