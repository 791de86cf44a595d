import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { Duplex } from 'node:stream';

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

/**
 * A process's standard input and output as one socket, good enough for `http.Agent`.
 *
 * The end of output is passed on only after the process has exited: its status and its standard error say whether
 * that was an orderly close or a broken connection, and HTTP would otherwise report a bare "socket hang up".
 */
export class StdioSocket extends Duplex {
  private stderr = '';
  private received = false;

  constructor(private readonly child: ChildProcessWithoutNullStreams) {
    super();
    child.stdout.on('data', (chunk: Buffer) => {
      this.received = true;
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
      setTimeout(() => this.ended(code), 100);
    });
  }

  private ended(code: number | null): void {
    if (this.destroyed) return;
    if (code !== 0 || !this.received) {
      this.destroy(new CarrierEnded(code, this.stderr));
      return;
    }
    this.push(null);
    // A socket that waits in http.Agent's pool is read by nobody and would look alive forever.
    if (this.readableLength === 0) setImmediate(() => this.destroy());
    else this.once('end', () => this.destroy());
  }

  override _read(): void {
    this.child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.child.stdin.writable) this.child.stdin.write(chunk, () => done());
    else done();
  }

  override _final(done: () => void): void {
    this.child.stdin.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
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
