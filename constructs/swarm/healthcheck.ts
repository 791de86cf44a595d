import { Duration } from '../units';

export interface HealthcheckOptions {
  /**
   * Time between two probes.
   * @default 5 s
   * @example interval: Duration.seconds(10)
   * @change rolls the service; a backend restarts
   */
  readonly interval?: Duration;
  /**
   * How long one probe may take.
   * @default 3 s
   * @example timeout: Duration.seconds(5)
   * @change rolls the service; a backend restarts
   */
  readonly timeout?: Duration;
  /**
   * Failures in this time after the start do not count; near the real boot time, since a bad image is only judged
   * after it.
   * @default 30 s
   * @example startPeriod: Duration.seconds(90)
   * @change rolls the service; a backend restarts
   */
  readonly startPeriod?: Duration;
  /**
   * Failures in a row that make a task unhealthy.
   * @default 3
   * @example retries: 5
   * @change rolls the service; a backend restarts
   */
  readonly retries?: number;
}

/** Least values, for a node that is slower than where a service's own were measured. */
export type HealthcheckMinimum = Pick<HealthcheckOptions, 'interval' | 'timeout' | 'startPeriod'>;

/** Docker's `Test`; a probe that ends by itself needs to know when. */
type Render = (port: number | undefined, timeout: Duration) => readonly string[];

/** Docker's `healthcheck`: until it passes, a task gets no traffic and an update does not go on. */
export class Healthcheck {
  /**
   * Asks the service itself with curl, which the image must have; any status below 400 is healthy.
   *
   * @param options.port @default the service's
   */
  static http(
    path: `/${string}`,
    { port: other, ...options }: HealthcheckOptions & { readonly port?: number } = {},
  ): Healthcheck {
    return new Healthcheck((own, timeout) => {
      const port = other ?? own;
      if (port === undefined) throw new Error(`Healthcheck.http('${path}') needs the service's port`);
      const seconds = String(timeout.toSeconds());
      return ['CMD', 'curl', '-fsS', '-m', seconds, '-o', '/dev/null', `http://127.0.0.1:${port}${path}`];
    }, options);
  }

  /** A command without a shell. */
  static command(argv: readonly string[], options?: HealthcheckOptions): Healthcheck {
    return new Healthcheck(() => ['CMD', ...argv], options);
  }

  /** A line for the image's /bin/sh. */
  static shell(line: string, options?: HealthcheckOptions): Healthcheck {
    return new Healthcheck(() => ['CMD-SHELL', line], options);
  }

  /**
   * A command that waits, and neither passes nor fails, while the service recovers from a crash. It bounds what it asks
   * by `--timeout=<seconds>`, one of its arguments.
   *
   * @param longest for how long one probe may wait, which is Docker's time-out
   */
  static patient(
    argv: (timeout: `--timeout=${number}`) => readonly string[],
    longest: Duration,
    options?: HealthcheckOptions,
  ): Healthcheck {
    const render: Render = (_, timeout) => ['CMD', ...argv(`--timeout=${Math.ceil(timeout.toSeconds())}`)];
    return new Healthcheck(render, options, longest);
  }

  readonly interval: Duration;
  /** Of a probe whose service is there. */
  readonly timeout: Duration;
  readonly startPeriod: Duration;
  readonly retries: number;

  private constructor(
    private readonly render: Render,
    options: HealthcheckOptions = {},
    private readonly longest: Duration = Duration.seconds(0),
  ) {
    this.interval = options.interval ?? Duration.seconds(5);
    this.timeout = options.timeout ?? Duration.seconds(3);
    this.startPeriod = options.startPeriod ?? Duration.seconds(30);
    this.retries = options.retries ?? 3;
    if (!Number.isInteger(this.retries) || this.retries < 1) {
      throw new Error(`healthcheck: retries ${this.retries}\n  expected 1 or more`);
    }
  }

  /** Docker's `Timeout`. */
  get longestProbe(): Duration {
    return longer(this.timeout, this.longest);
  }

  /** Docker's `Test`, for a service that listens on `port`. */
  test(port: number | undefined): readonly string[] {
    return this.render(port, this.timeout);
  }

  /** The same probe, at intervals no shorter than that. */
  atLeast({ interval, timeout, startPeriod }: HealthcheckMinimum): Healthcheck {
    const options = {
      interval: longer(this.interval, interval),
      timeout: longer(this.timeout, timeout),
      startPeriod: longer(this.startPeriod, startPeriod),
      retries: this.retries,
    };
    return new Healthcheck(this.render, options, this.longest);
  }
}

const longer = (own: Duration, least: Duration | undefined): Duration =>
  least && own.isShorterThan(least) ? least : own;
