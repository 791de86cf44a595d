import { runningLab } from './platform/lab';
import type { Measured } from './runner/measure';
import { runSuite } from './runner/suite';
import { ROLL_COLUMNS, total } from './runner/text';
import { readWish, type WrittenWish } from './runner/wish';
import { rolls } from './scenarios/roll';

/** Requests that the scenarios with a promise make together, in a whole run. */
const WANTED = 100_000;

/** `./proctor bench roll`: no client notices a roll, and if one does, it shows. Resolves to the exit code. */
export async function benchRoll(written: WrittenWish): Promise<number> {
  const wish = readWish(written, { scenarios: rolls, rate: 1 });
  const lab = await runningLab();
  const sumTitle = 'all that promise 0 failed';
  return runSuite(lab, { scenarios: rolls, columns: ROLL_COLUMNS, sumTitle, lacks: lackOfRequests }, wish);
}

function lackOfRequests(measured: readonly Measured[], whole: boolean): string | undefined {
  if (!whole) return undefined;
  const promised = measured.filter(({ scenario }) => scenario.failing === 'none');
  const requests = total(promised, ({ load }) => load.requests);
  if (requests >= WANTED) return undefined;
  return `${requests} requests are fewer than ${WANTED}: give a higher --rate`;
}
