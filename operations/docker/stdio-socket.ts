import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { Duplex } from 'node:stream';
import { waitBeforeAgain } from './reach/again';

/** The process that carried the connection ended, and this is what it said. */
export class CarrierEnded extends Error {
  constructor(
    readonly exitCode: number | null,
    readonly stderr: string,
  ) {
    super(stderr.trim() || `ssh ended with status ${exitCode ?? 'unknown'}`);
    this.name = 'CarrierEnded';
  }
}

const STDERR_KEPT = 4096;

type Child = ChildProcessWithoutNullStreams;

/**
 * A process's standard input and output as one socket, good enough for `http.Agent`.
 *
 * The end of output is passed on only after the process has exited: its status and its standard error say whether
 * that was an orderly close or a broken connection, and HTTP would otherwise report a bare "socket hang up".
 */
export class StdioSocket extends Duplex {
  private child: Child;
  private stderr = '';
  private received = false;
  private inputEnded = false;
  /** What was written, until something is received: a server that had no room for the connection has seen none of it. */
  private unanswered: Buffer[] = [];
  private tries = 0;
  private timer: NodeJS.Timeout | undefined;

  /** @param patient starts it again where a server had no room for it. @default true */
  constructor(
    private readonly start: () => Child,
    private readonly patient = true,
  ) {
    super();
    this.child = this.begin();
  }

  private begin(): Child {
    const child = this.start();
    this.stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      this.received = true;
      this.unanswered = [];
      if (!this.push(chunk)) child.stdout.pause();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      this.stderr = (this.stderr + chunk.toString('utf8')).slice(-STDERR_KEPT);
    });
    // A broken pipe is told by the exit, with its reason.
    child.stdin.on('error', () => {});
    child.once('error', (error) => this.destroy(error));
    child.once('exit', (code) => {
      // A ControlMaster that ssh leaves behind keeps standard error open, so its end cannot be waited for.
      this.timer = setTimeout(() => this.ended(code), 100);
    });
    return child;
  }

  private ended(code: number | null): void {
    if (this.destroyed) return;
    if (code !== 0 || !this.received) {
      const wait = this.received || !this.patient ? undefined : waitBeforeAgain(this.stderr, this.tries);
      if (wait !== undefined) {
        this.tries += 1;
        this.timer = setTimeout(() => this.beginAgain(), wait);
        return;
      }
      this.destroy(new CarrierEnded(code, this.stderr));
      return;
    }
    this.push(null);
    // A socket that waits in http.Agent's pool is read by nobody and would look alive forever.
    if (this.readableLength === 0) setImmediate(() => this.destroy());
    else this.once('end', () => this.destroy());
  }

  private beginAgain(): void {
    this.child = this.begin();
    for (const chunk of this.unanswered) this.child.stdin.write(chunk);
    if (this.inputEnded) this.child.stdin.end();
  }

  override _read(): void {
    this.child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (!this.received) this.unanswered.push(chunk);
    if (this.child.stdin.writable) this.child.stdin.write(chunk, () => done());
    else done();
  }

  override _final(done: () => void): void {
    this.inputEnded = true;
    this.child.stdin.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.timer);
    this.child.kill();
    this.child.stdout.destroy();
    this.child.stderr.destroy();
    done(error);
  }

  // What http.Agent expects of a net.Socket.
  setKeepAlive(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setTimeout(): this {
    return this;
  }
  ref(): this {
    this.child.ref();
    return this;
  }
  unref(): this {
    this.child.unref();
    return this;
  }
  destroySoon(): void {
    this.end(() => this.destroy());
  }
}
