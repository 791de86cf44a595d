import { table } from '../operations/terminal/table';
import { runningLab } from './platform/lab';
import type { Measured } from './runner/measure';
import { runSuite } from './runner/suite';
import { total } from './runner/text';
import { readWish, type WrittenWish } from './runner/wish';
import { ATTACK_COLUMNS, attacks, QUIET } from './scenarios/attack';

/** An attack may make the slowest of a hundred requests so many times as slow as it is without. */
const SLOWER = 2;

/** `./proctor bench attack`: who is not the attacker does not notice. Resolves to the exit code. */
export async function benchAttack(written: WrittenWish): Promise<number> {
  const scenarios = [...new Map(attacks.map((one) => [one.name, one])).values()];
  const wish = readWish(written, { scenarios, rate: 0.3 });
  const suite = {
    scenarios: attacks,
    columns: ATTACK_COLUMNS,
    sumTitle: 'all attacks',
    lacks: tooSlow,
    summary: medians,
  };
  return runSuite(await runningLab(), suite, wish);
}

/** The attacks whose p99, the median of all rounds, is too high. */
export function tooSlow(measured: readonly Measured[]): string | undefined {
  const all = roundsOf(measured);
  const quiet = all.find(({ name }) => name === QUIET.name);
  if (!quiet) return undefined;
  const slow = all.filter(({ p99 }) => p99 >= SLOWER * quiet.p99);
  if (slow.length === 0) return undefined;
  const each = slow.map(({ name, p99 }) => `${name} ${p99.toFixed(0)} ms`).join(', ');
  return `the p99 is ${SLOWER} times the quiet one (${quiet.p99.toFixed(0)} ms) or more: ${each}`;
}

/** A table with a line for each attack: of all rounds the sum of the requests, and the medians of their times. */
export function medians(measured: readonly Measured[]): string {
  const all = roundsOf(measured);
  const quiet = all.find(({ name }) => name === QUIET.name);
  const head = ['attack, all rounds', 'rounds', 'requests', 'failed', 'p50 ms', 'p99 ms', 'times quiet'];
  const lines = all.map(({ title, rounds, requests, failed, p50, p99 }) => [
    title,
    String(rounds),
    String(requests),
    String(failed),
    p50.toFixed(0),
    p99.toFixed(0),
    quiet ? (p99 / quiet.p99).toFixed(2) : '–',
  ]);
  return table([head, ...lines]).join('\n');
}

function roundsOf(measured: readonly Measured[]) {
  const promised = measured.filter(({ scenario }) => scenario.failing === 'none');
  return [...new Set(promised.map(({ scenario }) => scenario.name))].map((name) => {
    const rounds = promised.filter(({ scenario }) => scenario.name === name);
    return {
      name,
      title: rounds[0]!.scenario.title,
      rounds: rounds.length,
      requests: total(rounds, ({ load }) => load.requests),
      failed: total(rounds, ({ load }) => load.failed),
      p50: median(rounds.map(({ load }) => load.p50)),
      p99: median(rounds.map(({ load }) => load.p99)),
    };
  });
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
