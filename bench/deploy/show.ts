import { table } from '../../lab/summary';
import type { Deployed } from './measure';

/** Both ways of each case, one line under the other, with the ratio of the times. */
export function sideBySide(all: readonly Deployed[]): string {
  const other = ({ what, way }: Deployed) => all.find((one) => one.what === what && one.way !== way);
  const head = [
    'deploy',
    'way',
    'seconds',
    'ratio',
    'exit',
    'failed',
    'peak tasks',
    'touched',
    'PreviousSpec lost',
  ];
  const rows = [...all]
    .sort((a, b) => all.findIndex((x) => x.what === a.what) - all.findIndex((x) => x.what === b.what))
    .map((one) => [
      ...[one.what, one.way, one.seconds.toFixed(1)],
      other(one) ? `${(one.seconds / other(one)!.seconds).toFixed(2)}` : '–',
      ...[String(one.exit), `${one.failed} of ${one.requests}`, String(one.peakTasks), String(one.touched)],
      `${one.previousSpecsChanged}${
        one.afterRollback === undefined
          ? ''
          : `; verdict ${one.afterRollback.toFixed(1)} s after the rollback`
      }`,
    ]);
  return table([head, ...rows]);
}
