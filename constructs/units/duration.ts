/** A length of time, in whole milliseconds. */
export class Duration {
  static milliseconds(amount: number): Duration {
    return new Duration(amount, 'milliseconds', amount);
  }

  static seconds(amount: number): Duration {
    return new Duration(near(amount * 1000), 'seconds', amount);
  }

  static minutes(amount: number): Duration {
    return new Duration(near(amount * 60_000), 'minutes', amount);
  }

  static hours(amount: number): Duration {
    return new Duration(near(amount * 3_600_000), 'hours', amount);
  }

  private constructor(
    private readonly ms: number,
    unit: string,
    amount: number,
  ) {
    if (!Number.isFinite(ms) || ms < 0 || !Number.isInteger(ms)) {
      throw new Error(
        `Duration.${unit}(${amount}): expected zero or more ${unit}, in whole milliseconds\n  write for example Duration.seconds(10)`,
      );
    }
  }

  toMilliseconds(): number {
    return this.ms;
  }

  toSeconds(): number {
    return this.ms / 1000;
  }

  isShorterThan(other: Duration): boolean {
    return this.ms < other.ms;
  }

  plus(other: Duration): Duration {
    return Duration.milliseconds(this.ms + other.ms);
  }

  /**
   * "0s", "500ms", "10s", "1m30s", "2m", "1h": Go's notation without its trailing zeros, which is how the provider
   * stores it. Any other spelling of the same time would differ in each plan.
   */
  toString(): string {
    if (this.ms === 0) return '0s';
    if (this.ms < 1000) return `${this.ms}ms`;
    const seconds = (this.ms % 60_000) / 1000;
    const minutes = Math.floor(this.ms / 60_000) % 60;
    const hours = Math.floor(this.ms / 3_600_000);
    const parts = [
      hours && `${hours}h`,
      (minutes || (hours && seconds)) && `${minutes}m`,
      seconds && `${seconds}s`,
    ];
    return parts.filter(Boolean).join('');
  }
}

/** 0.29 s are 290.00000000000006 ms to a computer: what is that close to a whole number is one. */
const near = (ms: number): number => (Math.abs(ms - Math.round(ms)) < 1e-6 ? Math.round(ms) : ms);
