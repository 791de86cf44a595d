import { table } from '../../operations/terminal/table';
import { complaints } from './complaints';
import type { Measured } from './measure';

/** One column of a table of scenarios. */
export interface Column {
  readonly head: string;
  readonly cell: (one: Measured) => string;
  /** What is added up in the last line. @default nothing */
  readonly sum?: (one: Measured) => number;
}

export const titled = (head: string): Column => ({ head, cell: ({ scenario }) => scenario.title });
export const REQUESTS: Column = {
  head: 'requests',
  cell: ({ load }) => String(load.requests),
  sum: ({ load }) => load.requests,
};
export const FAILED: Column = {
  head: 'failed',
  cell: ({ load }) => String(load.failed),
  sum: ({ load }) => load.failed,
};
export const SECONDS: Column = { head: 'seconds', cell: ({ seconds }) => seconds.toFixed(0) };
export const VERDICT: Column = {
  head: 'verdict',
  cell: (one) => {
    if (complaints(one).length > 0) return 'BROKEN';
    return one.scenario.failing === 'must' ? 'fails, as it must' : 'holds';
  },
};

/** What a watch reports under this head. */
export const reported = (head: string): Column => ({
  head,
  cell: ({ reports }) => reports.map(({ cells }) => cells?.[head]).find((cell) => cell !== undefined) ?? '–',
});

/** Details of the load, for the rolls. */
export const ROLL_COLUMNS: readonly Column[] = [
  titled('scenario'),
  REQUESTS,
  FAILED,
  { head: 'POSTs lost', cell: ({ load }) => String(load.failedPosts) },
  { head: 'p50 ms', cell: ({ load }) => load.p50.toFixed(0) },
  { head: 'p99 ms', cell: ({ load }) => load.p99.toFixed(0) },
  {
    head: 'longest gap',
    cell: ({ load }) => `${(load.longestGap.milliseconds / 1000).toFixed(2)} s ${load.longestGap.service}`,
  },
  SECONDS,
  VERDICT,
];

/** One line for each scenario, and the sum of those that promise that nothing fails. */
export function scenarioTable(
  columns: readonly Column[],
  sumTitle: string,
  all: readonly Measured[],
): string {
  const promised = all.filter(({ scenario }) => scenario.failing === 'none');
  const sums = columns.slice(1).map(({ sum }) => (sum ? String(total(promised, sum)) : ''));
  return table([
    columns.map(({ head }) => head),
    ...all.map((one) => columns.map(({ cell }) => cell(one))),
    [sumTitle, ...sums],
  ]).join('\n');
}

export const total = (all: readonly Measured[], pick: (one: Measured) => number): number =>
  all.reduce((sum, one) => sum + pick(one), 0);

/** What a person needs to find the cause: the failures with their times, and what the watches say. */
export function details({ load, ends, reports, scenario, busy }: Measured): string {
  const time = (milliseconds: number) => new Date(milliseconds).toISOString().slice(11, 23);
  const lines = [
    `from ${time(load.start)} to ${time(load.end)} UTC, ${load.posts} POSTs, generator late by ${load.generatorDelay.toFixed(0)} ms (p99), slowest ${load.max.toFixed(0)} ms, ${busy.toFixed(1)} processes for each core`,
  ];
  const { milliseconds, service, start } = load.longestGap;
  lines.push(`longest gap: ${service} for ${milliseconds} ms from ${time(start)}`);
  if (load.failed > 0) {
    const shown = scenario.failing === 'must' ? 3 : load.failures.length;
    const kinds = Object.entries(load.kinds).map(([kind, times]) => `${kind}: ${times}`);
    const seconds = load.perSecond.flatMap(({ failed }, second) =>
      failed > 0 ? [`${second}s:${failed}`] : [],
    );
    lines.push(`failed by kind: ${kinds.join(', ')}; by second: ${seconds.join(' ')}`);
    for (const { sent, failed, stream, kind, message, reused } of load.failures.slice(0, shown)) {
      lines.push(`  ${time(sent)}–${time(failed)} ${stream}${reused ? ' (kept)' : ''} ${kind}: ${message}`);
    }
  }
  lines.push(...reports.flatMap((report) => report.details ?? []));
  if (ends.some(({ failure }, index) => failure !== undefined && scenario.steps[index]?.apply === 'badly')) {
    lines.push('the apply failed, as it must');
  }
  return lines.map((line) => `  ${line}`).join('\n');
}
