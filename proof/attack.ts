import { runningLab } from './platform/lab';
import type { Measured } from './runner/measure';
import { runSuite } from './runner/suite';
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
  };
  return runSuite(await runningLab(), suite, wish);
}

/** The attacks whose p99, the median of all rounds, is too high. */
export function tooSlow(measured: readonly Measured[]): string | undefined {
  const p99 = (name: string) =>
    median(measured.filter(({ scenario }) => scenario.name === name).map(({ load }) => load.p99));
  const quiet = p99(QUIET.name);
  const names = new Set(
    measured.flatMap(({ scenario }) => (scenario.failing === 'none' ? [scenario.name] : [])),
  );
  const slow = [...names].filter((name) => p99(name) >= SLOWER * quiet);
  if (slow.length === 0) return undefined;
  const each = slow.map((name) => `${name} ${p99(name).toFixed(0)} ms`).join(', ');
  return `the p99 is ${SLOWER} times the quiet one (${quiet.toFixed(0)} ms) or more: ${each}`;
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
