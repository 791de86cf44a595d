const MEBIBYTE = 1024 ** 2;

/** An amount of memory, in bytes; binary units only, as the engine counts. */
export class Memory {
  static mebibytes(amount: number): Memory {
    return new Memory(amount * MEBIBYTE, `Memory.mebibytes(${amount})`);
  }

  static gibibytes(amount: number): Memory {
    return new Memory(amount * 1024 * MEBIBYTE, `Memory.gibibytes(${amount})`);
  }

  private constructor(
    private readonly bytes: number,
    written: string,
  ) {
    // The engine refuses a limit below 6 MiB ("Minimum memory limit allowed is 6MB").
    if (!Number.isInteger(bytes) || bytes < 6 * MEBIBYTE) {
      throw new Error(
        `${written}: expected a whole number of bytes, at least 6 MiB\n  write for example Memory.mebibytes(512)`,
      );
    }
  }

  toBytes(): number {
    return this.bytes;
  }

  half(): Memory {
    return new Memory(Math.floor(this.bytes / 2), `half of ${this}`);
  }

  toString(): string {
    return `${Math.round(this.bytes / MEBIBYTE)} MiB`;
  }
}
