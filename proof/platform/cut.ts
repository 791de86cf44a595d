import { startSshd, stopSshd } from '../../lab/cluster/sshd';
import type { LabPaths } from '../../lab/ground/paths';
import { processesOf } from '../../lab/ground/processes';
import { readSettings } from '../../lab/ground/settings';
import { sleep } from '../../lab/ground/shell';

/** How a deploy is cut off: everything of it killed at once (-9), or the way to the server cut for a while. */
export interface Cut {
  readonly how: 'killed' | 'ssh';
  /** At the first line of the deploy that matches. */
  readonly line: RegExp;
}

/** Longer than gates and provider wait for an answer under way, shorter than a gate's deadline. */
const CUT_SECONDS = 20;

/**
 * A step that is over is what Terraform writes into its state next, and a local file it writes in place: killed in that
 * moment it leaves an empty file or half of one (seen here), which is a matter of where the state is kept (docs/state.md).
 */
const AFTER_THE_WRITE_SECONDS = 0.5;

/** Waits for one deploy's line and cuts it off there. */
export class Scissors {
  private cut: Cut | undefined;
  private work: Promise<void> | undefined;

  constructor(private readonly paths: LabPaths) {}

  arm(cut: Cut): void {
    this.cut = cut;
    this.work = undefined;
  }

  /** What the deploy says. */
  see(line: string): void {
    const { cut } = this;
    if (!cut?.line.test(line.trim())) return;
    this.cut = undefined;
    this.work = cut.how === 'killed' ? this.kill() : this.cutSsh();
  }

  /** Once the deploy is over. @returns whether it was cut off */
  async done(): Promise<boolean> {
    this.cut = undefined;
    const { work } = this;
    await work;
    return work !== undefined;
  }

  private async kill(): Promise<void> {
    await sleep(AFTER_THE_WRITE_SECONDS);
    // Again, for what was just being started.
    for (let round = 0; round < 5; round++) {
      for (const pid of processesOf(this.paths, 'deploy')) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It has ended meanwhile.
        }
      }
      await sleep(0.1);
    }
  }

  private async cutSsh(): Promise<void> {
    const settings = readSettings(this.paths);
    if (!settings) throw new Error(`there is no lab in ${this.paths.dir}`);
    await stopSshd(this.paths);
    await sleep(CUT_SECONDS);
    await startSshd(this.paths, settings);
  }
}
