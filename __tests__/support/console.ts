import type { Shell } from '../../contract/shell';
import { Console } from '../../operations/terminal/console';
import type { Terminal } from '../../operations/terminal/terminal';

/** A console that talks to that terminal. */
export function consoleOn(terminal: Terminal, shell: Shell = {}): Console {
  const console = new Console(false, shell);
  Object.defineProperty(console, 'terminal', { value: terminal });
  return console;
}
