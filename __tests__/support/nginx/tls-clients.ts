import { type ConnectionOptions, connect } from 'node:tls';

export interface Tally {
  readonly connections: number;
  /** What went wrong, each reason with its count. */
  readonly failures: Readonly<Record<string, number>>;
  /** Serial numbers of the certificates that were shown, in their order. */
  readonly serials: readonly string[];
}

/**
 * Makes new TLS connections, `workers` at a time, until told to stop; each verifies the chain against `ca` and asks for
 * `/health`. No session is resumed, so each is a whole handshake.
 */
export class TlsClients {
  private connections = 0;
  private readonly failures: Record<string, number> = {};
  private readonly serials = new Set<string>();
  private stopped = false;
  private readonly workers: Promise<void>[];

  constructor(
    private readonly port: number,
    private readonly ca: string,
    workers = 8,
  ) {
    this.workers = Array.from({ length: workers }, () => this.work());
  }

  get made(): number {
    return this.connections;
  }

  get certificates(): number {
    return this.serials.size;
  }

  async stop(): Promise<Tally> {
    this.stopped = true;
    await Promise.all(this.workers);
    return { connections: this.connections, failures: this.failures, serials: [...this.serials] };
  }

  private async work(): Promise<void> {
    while (!this.stopped) {
      const number = this.connections++;
      const fault = await this.once(number);
      if (fault) this.failures[fault] = (this.failures[fault] ?? 0) + 1;
    }
  }

  /** @returns what went wrong */
  private once(number: number): Promise<string | undefined> {
    return new Promise((done) => {
      let answer = '';
      const socket = connect({
        host: '127.0.0.1',
        port: this.port,
        servername: 'localhost',
        ca: this.ca,
        // Each address has 28,000 ports of its own, which rest for a minute after use.
        localAddress: `127.0.${1 + (number % 100)}.1`,
      } as ConnectionOptions);
      socket.setTimeout(10_000, () => socket.destroy(new Error('no answer for 10 s')));
      socket.once('secureConnect', () => {
        this.serials.add(socket.getPeerCertificate().serialNumber);
        socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
      });
      socket.on('data', (data) => (answer += data));
      socket.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
      socket.once('close', () =>
        done(/^HTTP\/1\.1 200 /.test(answer) ? undefined : `answer: ${answer.slice(0, 12)}`),
      );
    });
  }
}
