import { LiveBlock } from './live-block';
import type { Terminal } from './terminal';
import { shorten } from './width';

/** What a board shows. */
export type Line =
  /** Replaces the line before it of the same service or step. */
  | {
      readonly kind: 'live';
      readonly key: string;
      readonly text: string;
      /** Which lines are shown first where there is no room for all. @default 'moves' */
      readonly standing?: Standing;
    }
  /** Stays. */
  | { readonly kind: 'lasting'; readonly key: string; readonly text: string }
  /** The step is over. */
  | { readonly kind: 'end'; readonly key: string };

/** In the order in which somebody wants to see them. */
export type Standing = (typeof STANDINGS)[number];
const STANDINGS = ['trouble', 'moves', 'well'] as const;

interface Live {
  readonly standing: Standing;
  /** On a terminal of that width. */
  readonly rows: (width: number) => readonly string[];
}

/** Which one of how many, the service, and how many of its tasks are healthy. */
const NEVER_CUT = /^\s*(\[\S+\] )?\S+( [\d/→ ]+ healthy)?/;

/** Lines of several services at once: redrawn in place on a terminal, one after another elsewhere. */
export class Board {
  private readonly live = new Map<string, Live>();
  private readonly block: LiveBlock;

  constructor(private readonly terminal: Terminal) {
    this.block = new LiveBlock(terminal);
  }

  show(line: Line): void {
    if (!this.terminal.isTTY) {
      // What Terraform only started says nothing yet; the gate's own lines do.
      const saysNothing = line.kind === 'end' || (line.kind === 'live' && /^\s/.test(line.text));
      if (!saysNothing) this.terminal.write(`${line.text}\n`);
      return;
    }
    if (line.kind === 'live')
      this.live.set(line.key, { standing: line.standing ?? 'moves', rows: rowsOf(line.text) });
    else this.live.delete(line.key);
    this.draw(line.kind === 'lasting' ? [line.text] : []);
  }

  /** Stays, and is about none of them. */
  say(text: string): void {
    if (this.terminal.isTTY) this.draw([text]);
    else this.terminal.write(`${text}\n`);
  }

  /** Leaves nothing of the live lines. */
  end(): void {
    if (this.terminal.isTTY) this.block.erase();
    this.live.clear();
  }

  private draw(above: readonly string[]): void {
    this.block.draw(withRoom([...this.live.values()], this.block), above);
  }
}

/** A live line in a row of its own, or in two where what must not be cut is longer. */
export const liveRows = (text: string, width: number): string[] =>
  shorten(text, width, NEVER_CUT.exec(text)?.[0].length);

/** Worked out once: with 200 services each is drawn 200 times before it changes. */
function rowsOf(text: string): Live['rows'] {
  let known: { readonly width: number; readonly rows: readonly string[] } | undefined;
  return (width) => {
    if (known?.width !== width) known = { width, rows: liveRows(text, width) };
    return known.rows;
  };
}

/** All of them, or those that somebody wants to see first, and how many there are besides. */
function withRoom(lines: readonly Live[], { width, height }: Pick<LiveBlock, 'width' | 'height'>): string[] {
  const all = lines.map(({ rows, standing }) => ({ standing, rows: rows(width) }));
  const rows = all.flatMap((line) => line.rows);
  if (rows.length <= height) return rows;
  const inOrder = STANDINGS.flatMap((standing) => all.filter((line) => line.standing === standing));
  const shown: string[] = [];
  let count = 0;
  for (const { rows } of inOrder) {
    if (shown.length + rows.length >= height) break;
    shown.push(...rows);
    count += 1;
  }
  return [...shown, others(inOrder.slice(count))];
}

function others(hidden: readonly Pick<Live, 'standing'>[]): string {
  const well = hidden.filter(({ standing }) => standing === 'well').length;
  const words = well === hidden.length ? ', all well' : well > 0 ? `, ${well} of them well` : '';
  return `… and ${hidden.length} more${words}`;
}
