/** A share of processor time, in cores; 1 is one core for all of the time. */
export class Cpu {
  static cores(amount: number): Cpu {
    return new Cpu(Math.round(amount * 1e9), `Cpu.cores(${amount})`);
  }

  static millis(amount: number): Cpu {
    return new Cpu(Math.round(amount * 1e6), `Cpu.millis(${amount})`);
  }

  private constructor(
    private readonly nanos: number,
    written: string,
  ) {
    // The engine counts in 1/1000 of a core and refuses less ("Range of CPUs is from 0.01").
    if (!Number.isFinite(nanos) || nanos < 1e7) {
      throw new Error(`${written}: expected at least 0.01 of a core\n  write for example Cpu.cores(0.5)`);
    }
  }

  toNanoCpus(): number {
    return this.nanos;
  }

  toCores(): number {
    return this.nanos / 1e9;
  }

  half(): Cpu {
    return new Cpu(Math.round(this.nanos / 2), `half of ${this}`);
  }

  toString(): string {
    return `${this.toCores()} CPU`;
  }
}
