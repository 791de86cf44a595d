import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly accept: string | undefined;
  readonly body: string;
}

type Answer = (asked: Asked, response: ServerResponse, request: IncomingMessage) => void;

/** A registry in this process that answers as each test says, and remembers what it was asked. */
export class FakeRegistry {
  readonly asked: Asked[] = [];
  private answer: Answer = (_, response) => response.writeHead(500).end();
  private readonly server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    const { method = '', url = '', headers } = request;
    const { authorization, accept } = headers;
    const asked = { method, path: url, authorization, accept, body };
    this.asked.push(asked);
    this.answer(asked, response, request);
  });

  async start(): Promise<void> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  answers(answer: Answer): void {
    this.asked.length = 0;
    this.answer = answer;
  }

  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get requests(): string[] {
    return this.asked.map(({ method, path }) => `${method} ${path}`);
  }
}

export const digestOf = (character: string): string => `sha256:${character.repeat(64)}`;
