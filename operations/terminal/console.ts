import { createInterface } from 'node:readline/promises';
import type { Shell } from '../../contract/shell';
import { Board } from './board';
import type { Finding } from './finding';
import { pad } from './table';
import { columnsOf, drawnOn } from './terminal';
import { harmless } from './untrusted';

/** Where a command talks to people: standard output, or standard error when that is kept for JSON. */
export class Console {
  readonly terminal: NodeJS.WriteStream;
  private readonly groups: boolean;
  private open = false;
  private live: Board | undefined;

  constructor(
    json: boolean,
    private readonly shell: Shell,
  ) {
    this.terminal = json ? process.stderr : process.stdout;
    this.groups = shell.GITHUB_ACTIONS === 'true';
  }

  say(line = ''): void {
    if (this.live) this.live.say(line);
    else this.terminal.write(`${line}\n`);
  }

  /** What a table has to fit. */
  get columns(): number | undefined {
    return columnsOf(this.terminal);
  }

  /** Lines that are redrawn until `endBoard`; what is said meanwhile goes above them. */
  board(): Board {
    this.live = new Board(drawnOn(this.terminal, this.shell));
    return this.live;
  }

  endBoard(): void {
    this.live?.end();
    this.live = undefined;
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
  fault(words: string): void {
    const text = harmless(words);
    this.endPart();
    this.say(
      this.groups ? `::error::${text.replaceAll('%', '%25').replaceAll('\n', '%0A')}` : `error: ${text}`,
    );
  }

  finding({ check, level, text, fix, commands = [] }: Finding): void {
    this.item({ ok: '✓', warning: '!', failure: '✗' }[level], check, text);
    if (fix) this.item(' ', '', `→ ${fix}`);
    for (const line of commands) this.say(`    ${line}`);
  }

  /** A line of a list: a mark of one character, what it is about, and what there is to say of it. */
  item(mark: string, about: string, text: string): void {
    this.say(`  ${mark} ${pad(about, 11)} ${harmless(text)}`);
  }

  get canAsk(): boolean {
    return Boolean(process.stdin.isTTY && this.terminal.isTTY) && !this.shell.CI;
  }

  /** True for `yes` alone. */
  async ask(question: string, signal: AbortSignal): Promise<boolean> {
    const dialogue = createInterface({
      input: process.stdin,
      output: this.terminal,
    });
    // The terminal is in raw mode while it asks, so Ctrl-C comes here and not as a signal.
    const stop = new AbortController();
    dialogue.on('SIGINT', () => stop.abort());
    try {
      return (
        (await dialogue.question(question, { signal: AbortSignal.any([signal, stop.signal]) })) === 'yes'
      );
    } catch {
      return false;
    } finally {
      dialogue.close();
    }
  }
}
