import { sleep } from '../../lab/ground/shell';
import { servedCertificate } from '../../operations/certificates/served';
import type { Bench } from '../platform/bench';
import type { Endpoint } from '../platform/lab';
import type { ScenarioWatch } from '../runner/scenario';

/** A certificate that clients were shown, and when it was first. */
export interface Seen {
  readonly issuer: string;
  readonly selfSigned: boolean;
  readonly validFrom: string;
}

/** What is shown under a name, and what is wrong with that. */
export const certificates =
  (serverName: string, expects: (seen: readonly Seen[]) => readonly string[]): ScenarioWatch =>
  ({ bench }) => {
    const watcher = new Watcher({ ...bench.endpoint, serverName });
    return {
      start: () => watcher.start(),
      stop: () => watcher.stop(),
      report: () => ({
        wrong: expects(watcher.seen),
        rows: watcher.seen.map(({ issuer, validFrom }) => [issuer, validFrom]),
      }),
    };
  };

/** Kills certbot in the middle of what it does, whatever that is: it looks all the time. */
export const killedCertbot =
  (times: number, everySeconds: number): ScenarioWatch =>
  ({ bench }) => {
    let work = Promise.resolve();
    return {
      start: () => {
        work = killCertbot(bench, times, everySeconds);
        // It is waited for later, and may fail before.
        work.catch(() => {});
      },
      stop: () => work,
      report: () => ({ wrong: [] }),
    };
  };

async function killCertbot(bench: Bench, times: number, everySeconds: number): Promise<void> {
  for (let round = 0; round < times; round++) {
    await sleep(everySeconds);
    const label = 'label=com.docker.swarm.service.name=proctorwise_certbot';
    const [id] = (await bench.docker(['ps', '--quiet', '--filter', label])).split('\n');
    if (id) await bench.docker(['kill', '--signal', 'KILL', id]).catch(() => '');
  }
}

/** Asks twice a second which certificate is served, until it is told to stop. */
class Watcher {
  /** In the order in which they were first shown. */
  readonly seen: Seen[] = [];
  private stopped = false;
  private work = Promise.resolve();

  constructor(private readonly endpoint: Endpoint & { readonly serverName: string }) {}

  start(): void {
    this.work = this.watch();
  }

  stop(): Promise<void> {
    this.stopped = true;
    return this.work;
  }

  private async watch(): Promise<void> {
    const { address: host, port, serverName } = this.endpoint;
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
