import type { ProbeSettings } from '../../contract/probe';
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
  private readonly pending = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private sent = 0;
  private told = false;

  constructor(
    private readonly endpoint: Endpoint,
    private readonly settings: ProbeSettings,
    /** Called once, as soon as a limit is passed beyond mending. */
    private readonly onBreach: (words: string[]) => void = () => {},
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
    return reportOf(this.samples);
  }

  private send(path: string): void {
    if (this.pending.size >= AT_ONCE || this.sent >= AT_MOST) return;
    this.sent += 1;
    const one = get(this.endpoint, path, false).then((sample) => {
      this.samples.push(sample);
      this.pending.delete(one);
      if (sample.failure !== undefined) this.tell();
    });
    this.pending.add(one);
  }

  private tell(): void {
    const words = breaches(reportOf(this.samples), this.settings, true);
    if (words.length === 0 || this.told) return;
    this.told = true;
    this.onBreach(words);
  }
}
