import { readdirSync, readFileSync } from 'node:fs';
import { findings } from '../../support/platform/canaries';

/** Command lines of all processes of this machine, those in containers among them. */
function commandLines(): [string, string][] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid): [string, string][] => {
      try {
        // Not trimmed: a value may end with a space.
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return line.trim() === '' ? [] : [[`process ${line.slice(0, 60)}`, line]];
      } catch {
        return [];
      }
    });
}

const EVERY_MS = 40;

/** Looks for values in the arguments of every process, again and again, until it is stopped. */
export class ArgumentWatch {
  private readonly found = new Set<string>();
  private readonly seen = new Set<string>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly values: readonly string[]) {
    this.timer = setInterval(() => this.look(), EVERY_MS);
  }

  /** @returns what was found, and how many different command lines were looked at */
  stop(): { readonly found: readonly string[]; readonly seen: number } {
    clearInterval(this.timer);
    this.look();
    return { found: [...this.found], seen: this.seen.size };
  }

  private look(): void {
    const fresh = commandLines().filter(([, line]) => !this.seen.has(line));
    for (const [, line] of fresh) this.seen.add(line);
    for (const finding of findings(fresh, this.values)) this.found.add(finding);
  }
}
