import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import type { Shell } from '../../../contract/shell';
import type { Fault } from './fault';

/** What a step says to the GitHub runner. Outside of one (`GITHUB_ACTIONS` is not `true`) it speaks to a person. */
export class Runner {
  constructor(
    private readonly env: Shell,
    private readonly write: (text: string) => void = (text) => process.stdout.write(text),
  ) {}

  say(line: string): void {
    // A line that begins with `::` is an order to the runner; what others wrote must not give any.
    this.write(`${line.replace(/^(\s*)::/gm, '$1: :').replace(/##\[/g, '# #[')}\n`);
  }

  fault({ what, remedy, subject }: Pick<Fault, 'what' | 'remedy' | 'subject'>): void {
    if (this.env.GITHUB_ACTIONS !== 'true') {
      this.say(`error: ${what}\n  ${remedy}`);
      return;
    }
    const title = subject ? ` title=${escapeProperty(subject)}` : '';
    this.write(`::error${title}::${escapeData(`${what}\n${remedy}`)}\n`);
  }

  /** For the steps after this one. */
  setVariable(name: string, value: string): void {
    this.append('GITHUB_ENV', name, value);
  }

  setOutput(name: string, value: string): void {
    this.append('GITHUB_OUTPUT', name, value);
  }

  /** Markdown on the run's page. GitHub refuses more than 1 MiB for one step. */
  summary(markdown: string): void {
    const file = this.env.GITHUB_STEP_SUMMARY;
    if (file) appendFileSync(file, `${markdown}\n`);
    else this.say(markdown);
  }

  private append(file: string, name: string, value: string): void {
    const path = this.env[file];
    if (!path) {
      this.say(`${name}=${value}`);
      return;
    }
    // A delimiter that the value cannot know, so that it ends where it ends.
    const end = `end-${randomUUID()}`;
    appendFileSync(path, `${name}<<${end}\n${value}\n${end}\n`);
  }
}

const escapeData = (text: string) =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapeProperty = (text: string) => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
