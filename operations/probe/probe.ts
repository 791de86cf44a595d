import type { ProbeSettings } from '../../contract/probe';
import { Interruptions } from './interruption';
import { type Endpoint, get } from './request';
import { breaches, type ProbeReport, reportOf, type Sample } from './statistics';

/** Well below nginx's limit of 10 requests a second for one client. */
const INTERVAL_MS = 250;
/** A server that hangs must not pile up requests. */
const AT_ONCE = 20;
/** Four a second for seven hours: no deploy is longer. */
const AT_MOST = 100_000;

/** Requests the given paths in turn, a new connection each, as new visitors come. */
export class Probe {
  private readonly samples: Sample[] = [];
  /** Failed, or too slow, within what was acknowledged. */
  private covered = 0;
  private readonly pending = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private sent = 0;
  private told = false;

  constructor(
    private readonly endpoint: Endpoint,
    private readonly settings: ProbeSettings,
    /** Called once, as soon as a limit is passed beyond mending. */
    private readonly onBreach: (words: string[]) => void = () => {},
    private readonly interruptions = new Interruptions([]),
  ) {}

  /** Paths that do not answer as they should now, each with why. What fails before a deploy is not of its making. */
  async baseline(): Promise<Sample[]> {
    const samples: Sample[] = [];
    for (const path of this.settings.paths) samples.push(await get(this.endpoint, path, false));
    return samples.filter(({ failure }) => failure !== undefined);
  }

  start(paths: readonly string[] = this.settings.paths): void {
    if (paths.length === 0) return;
    this.timer = setInterval(() => this.send(paths[this.sent % paths.length]!), INTERVAL_MS);
  }

  /** Stops, and waits for the requests under way. */
  async stop(): Promise<ProbeReport> {
    clearInterval(this.timer);
    await Promise.all(this.pending);
    return this.report();
  }

  private report(): ProbeReport {
    return { ...reportOf(this.samples), covered: this.covered };
  }

  private send(path: string): void {
    if (this.pending.size >= AT_ONCE || this.sent >= AT_MOST) return;
    this.sent += 1;
    const began = performance.now();
    const one = get(this.endpoint, path, false).then((sample) => {
      this.pending.delete(one);
      if (this.isCovered(sample, began)) {
        this.covered += 1;
        return;
      }
      this.samples.push(sample);
      if (sample.failure !== undefined) this.tell();
    });
    this.pending.add(one);
  }

  private isCovered({ failure, milliseconds }: Sample, began: number): boolean {
    const { maxP99Milliseconds = Number.POSITIVE_INFINITY } = this.settings;
    const answered = failure === undefined;
    if (answered && milliseconds <= maxP99Milliseconds) return false;
    return this.interruptions.cover({ began, ended: performance.now(), answered });
  }

  private tell(): void {
    const words = breaches(this.report(), this.settings, true);
    if (words.length === 0 || this.told) return;
    this.told = true;
    this.onBreach(words);
  }
}
