/** A run of the backup's bench; seconds, bytes, milliseconds. */
export interface MeasuredBackup {
  readonly mebibytes: number;
  readonly first: Made;
  readonly second: Made;
  /** What those saw who wrote orders meanwhile, one after the other. */
  readonly quiet: Latency;
  readonly meanwhile: Latency;
  /** Pairs that took turns: a restore in the place of what is in use, and `mariadb-dump | mariadb` of the same rows. */
  readonly rounds: readonly { readonly restore: number; readonly byHand: number }[];
  readonly drill: number;
}

export interface Made {
  readonly seconds: number;
  readonly bytes: number;
  /** What the repository grew by. */
  readonly added: number;
}

export interface Latency {
  readonly orders: number;
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
}

/** A restore may take so many times what it takes by hand. */
const RESTORE = 1.2;
/** The second backup may add so much of what the first did. */
const AGAIN = 0.1;

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

export function latencyOf(milliseconds: readonly number[]): Latency {
  const sorted = [...milliseconds].sort((one, other) => one - other);
  const at = (part: number) => sorted[Math.floor(sorted.length * part)] ?? 0;
  return { orders: sorted.length, p50: at(0.5), p99: at(0.99), longest: sorted.at(-1) ?? 0 };
}

/** What is printed, and whether all goals were met. */
export function backupGoals(measured: MeasuredBackup): {
  readonly lines: readonly string[];
  readonly goals: readonly (readonly [goal: string, measured: string, verdict: string])[];
  readonly held: boolean;
} {
  const { mebibytes, first, second, quiet, meanwhile, rounds, drill } = measured;
  const ratios = rounds.map(({ restore, byHand }) => restore / byHand);
  const again = second.added / first.added;
  const goals = [
    [
      `restore at most ${RESTORE} times mariadb-dump | mariadb`,
      `${spread(ratios)} times`,
      median(ratios) <= RESTORE,
    ],
    [`the second backup adds at most ${AGAIN * 100} %`, `${(again * 100).toFixed(2)} %`, again <= AGAIN],
  ] as const;
  return {
    lines: [
      `${mebibytes} MiB of rows`,
      `first backup: ${made(first)}`,
      `second backup: ${made(second)}`,
      `orders, quiet: ${inWords(quiet)}`,
      `orders, during a backup: ${inWords(meanwhile)}`,
      `restore: ${spread(rounds.map(({ restore }) => restore))} s`,
      `mariadb-dump | mariadb: ${spread(rounds.map(({ byHand }) => byHand))} s`,
      `drill: ${drill} s`,
    ],
    goals: goals.map(([goal, words, held]) => [goal, words, held ? 'held' : 'MISSED']),
    held: goals.every(([, , held]) => held),
  };
}

const made = ({ seconds, bytes, added }: Made): string =>
  `${seconds} s, ${mib(bytes)} MiB of dumps, the repository grew by ${mib(added)} MiB`;

const mib = (bytes: number): string => (bytes / 1024 ** 2).toFixed(1);

const inWords = ({ orders, p50, p99, longest }: Latency): string =>
  `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, longest ${longest.toFixed(0)} ms of ${orders}`;

const spread = (values: readonly number[]): string =>
  values.length === 1
    ? values[0]!.toFixed(2)
    : `${median(values).toFixed(2)} (${Math.min(...values).toFixed(2)}–${Math.max(...values).toFixed(2)})`;
