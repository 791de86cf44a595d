import { sleep } from '../../lab/ground/shell';
import { servedCertificate } from '../../operations/certificates/served';

/** A certificate that clients were shown, and when it was first. */
export interface Seen {
  readonly issuer: string;
  readonly selfSigned: boolean;
  readonly validFrom: string;
}

/** Asks twice a second which certificate is served, until it is told to stop. */
export class Watcher {
  private readonly seen: Seen[] = [];
  private stopped = false;
  private readonly work: Promise<void>;

  constructor(
    private readonly door: { readonly address: string; readonly port: number; readonly serverName: string },
  ) {
    this.work = this.watch();
  }

  /** In the order in which they were first shown. */
  get certificates(): readonly Seen[] {
    return this.seen;
  }

  /** Waits until so many were shown. @throws Error when the time is over */
  async sees(count: number, seconds: number): Promise<void> {
    for (const end = Date.now() + seconds * 1000; this.seen.length < count; ) {
      if (Date.now() > end) throw new Error(`${this.seen.length} certificates in ${seconds} s, not ${count}`);
      await sleep(0.5);
    }
  }

  async stop(): Promise<readonly Seen[]> {
    this.stopped = true;
    await this.work;
    return this.seen;
  }

  private async watch(): Promise<void> {
    const { address: host, port, serverName } = this.door;
    while (!this.stopped) {
      // What nobody answers counts in the load, not here.
      const found = await servedCertificate({ host, port, serverName }).catch(() => undefined);
      if (
        found &&
        !this.seen.some((one) => one.validFrom === found.validFrom && one.issuer === found.issuer)
      ) {
        const { issuer, selfSigned, validFrom } = found;
        this.seen.push({ issuer, selfSigned, validFrom });
      }
      await sleep(0.5);
    }
  }
}
