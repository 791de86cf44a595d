import { createInterface } from 'node:readline/promises';
import type { Finding } from './finding';

/** Where the front door talks: standard output, or standard error when that is kept for JSON. */
export class Console {
  readonly screen: NodeJS.WriteStream;
  private readonly groups: boolean;
  private open = false;

  constructor(
    json: boolean,
    private readonly shell: Readonly<Record<string, string | undefined>>,
  ) {
    this.screen = json ? process.stderr : process.stdout;
    this.groups = shell.GITHUB_ACTIONS === 'true';
  }

  say(line = ''): void {
    this.screen.write(`${line}\n`);
  }

  /** A heading; in GitHub Actions a group that can be folded. */
  part(title: string): void {
    this.endPart();
    this.say(this.groups ? `::group::${title}` : `\n${title}`);
    this.open = this.groups;
  }

  endPart(): void {
    if (this.open) this.say('::endgroup::');
    this.open = false;
  }

  /** An error; in GitHub Actions one that the run's page shows. */
  fault(text: string): void {
    this.endPart();
    this.say(
      this.groups ? `::error::${text.replaceAll('%', '%25').replaceAll('\n', '%0A')}` : `error: ${text}`,
    );
  }

  finding({ check, level, text, fix }: Finding): void {
    const mark = { ok: '✓', warning: '!', failure: '✗' }[level];
    this.say(`  ${mark} ${check.padEnd(11)} ${text}`);
    if (fix) this.say(`    ${''.padEnd(11)} → ${fix}`);
  }

  get canAsk(): boolean {
    return Boolean(process.stdin.isTTY && this.screen.isTTY) && !this.shell.CI;
  }

  /** True for `yes` alone. */
  async ask(question: string, signal: AbortSignal): Promise<boolean> {
    const terminal = createInterface({
      input: process.stdin,
      output: this.screen,
    });
    // The terminal is in raw mode while it asks, so Ctrl-C comes here and not as a signal.
    const stop = new AbortController();
    terminal.on('SIGINT', () => stop.abort());
    try {
      return (
        (await terminal.question(question, { signal: AbortSignal.any([signal, stop.signal]) })) === 'yes'
      );
    } catch {
      return false;
    } finally {
      terminal.close();
    }
  }
}
