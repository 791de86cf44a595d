import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

const POLL_MS = 100;
const CHUNK = 64 * 1024;

/** Hands on the lines of a file that another process writes, until `ended` says that no more will come. */
export class FollowedFile {
  private readonly file: number;
  private readonly decoder = new StringDecoder('utf8');
  private readonly buffer = Buffer.alloc(CHUNK);
  private readonly timer: NodeJS.Timeout;
  private rest = '';

  constructor(
    path: string,
    private readonly onLine: (line: string) => void,
  ) {
    this.file = openSync(path, 'r');
    this.timer = setInterval(() => this.read(), POLL_MS);
  }

  /** The writer has ended: reads what is left, the last line without its end, too. */
  end(): void {
    clearInterval(this.timer);
    this.read();
    if (this.rest) this.onLine(this.rest);
    closeSync(this.file);
  }

  private read(): void {
    for (;;) {
      const bytes = readSync(this.file, this.buffer, 0, CHUNK, null);
      if (bytes === 0) return;
      const lines = (this.rest + this.decoder.write(this.buffer.subarray(0, bytes))).split('\n');
      this.rest = lines.pop()!;
      for (const line of lines) this.onLine(line);
    }
  }
}
