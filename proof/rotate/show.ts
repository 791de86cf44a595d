import { table } from '../../operations/terminal/table';
import { complaints, type Rotated } from './measure';

const HEAD = ['what rotated', 'requests', 'failed', 'seconds', 'objects left', 'tokens refused', 'verdict'];

/** One line for each rotation, and the sum. */
export function rotationTable(all: readonly Rotated[]): string {
  const sum = (pick: (one: Rotated) => number) => String(all.reduce((total, one) => total + pick(one), 0));
  return table([
    HEAD,
    ...all.map((one) => [
      one.rotation.title,
      String(one.load.requests),
      String(one.load.failed),
      one.seconds.toFixed(0),
      String(one.left.length),
      one.tokens ? refusedOf(one.tokens) : '–',
      complaints(one).length > 0 ? 'BROKEN' : 'holds',
    ]),
    ['all', sum(({ load }) => load.requests), sum(({ load }) => load.failed)],
  ]).join('\n');
}

function refusedOf({ held, heldAfter, fresh }: NonNullable<Rotated['tokens']>): string {
  const of = (shown: { readonly asked: number; readonly refused: number }) =>
    `${shown.refused} of ${shown.asked}`;
  return `old ${of(held)}, then ${of(heldAfter)}; new ${of(fresh)}`;
}
