import type { LogSink } from '../docker/streams';
import type { Redactor } from '../redact/redactor';

/** Where a job's output goes, in whole lines. */
export interface Output {
  stdout(text: string): void;
  stderr(text: string): void;
}

/** What a job says, without what is secret in it, and without what a terminal or a CI would obey. */
export class SafeOutput implements LogSink {
  private readonly rest = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };

  constructor(
    private readonly output: Output,
    private readonly redactor: Redactor,
  ) {}

  stdout(chunk: Buffer): void {
    this.take('stdout', chunk);
  }

  stderr(chunk: Buffer): void {
    this.take('stderr', chunk);
  }

  /** Also what has no line end yet. */
  end(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      if (this.rest[stream].length > 0) this.show(stream, `${this.rest[stream].toString('utf8')}\n`);
      this.rest[stream] = Buffer.alloc(0);
    }
  }

  /** In whole lines: a part of a secret would not be found. */
  private take(stream: keyof Output, chunk: Buffer): void {
    const all = Buffer.concat([this.rest[stream], chunk]);
    const end = all.lastIndexOf('\n') + 1;
    this.rest[stream] = all.subarray(end);
    if (end > 0) this.show(stream, all.subarray(0, end).toString('utf8'));
  }

  private show(stream: keyof Output, text: string): void {
    this.output[stream](this.redactor.show(text));
  }
}
