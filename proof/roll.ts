import { start } from './load/entry';
import { runningLab } from './platform/lab';
import { readWish } from './runner/arguments';
import type { Measured } from './runner/measure';
import { runSuite } from './runner/suite';
import { ROLL_COLUMNS, total } from './runner/text';
import { rolls } from './scenarios/roll';

/** Requests that the scenarios with a promise make together, in a whole run. */
const WANTED = 100_000;

/** `npm run bench:roll [-- --only setting,route] [--rate 1] [--minutes 60]`: no client notices a roll, and if one does, it shows. */
async function main(args: readonly string[]): Promise<number> {
  const wish = readWish(args, { command: 'bench:roll', scenarios: rolls, rate: 1 });
  const lab = await runningLab();
  const sumTitle = 'all that promise 0 failed';
  return runSuite(lab, { scenarios: rolls, columns: ROLL_COLUMNS, sumTitle, lacks: lackOfRequests }, wish);
}

function lackOfRequests(measured: readonly Measured[]): string | undefined {
  const promised = measured.filter(({ scenario }) => scenario.failing === 'none');
  const requests = total(promised, ({ load }) => load.requests);
  if (requests >= WANTED) return undefined;
  return `${requests} requests are fewer than ${WANTED}: give a higher --rate`;
}

start(main);
