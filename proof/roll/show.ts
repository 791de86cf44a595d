import { table } from '../../operations/terminal/table';
import { complaints, type Measured } from './measure';

const HEAD = [
  'scenario',
  'requests',
  'failed',
  'POSTs lost',
  'p50 ms',
  'p99 ms',
  'longest gap',
  'seconds',
  'verdict',
];

/** One line for each scenario, and the sum of those that promise that nothing fails. */
export function rollTable(all: readonly Measured[]): string {
  const promised = all.filter(({ scenario }) => scenario.failing === 'none');
  const sum = (pick: (one: Measured) => number) => promised.reduce((total, one) => total + pick(one), 0);
  return table([
    HEAD,
    ...all.map((one) => row(one)),
    [
      'all that promise 0 failed',
      String(sum(({ load }) => load.requests)),
      String(sum(({ load }) => load.failed)),
    ],
  ]).join('\n');
}

function row(one: Measured): string[] {
  const { scenario, load, seconds } = one;
  return [
    scenario.title,
    String(load.requests),
    String(load.failed),
    String(load.failedPosts),
    load.p50.toFixed(0),
    load.p99.toFixed(0),
    `${(load.longestGap.milliseconds / 1000).toFixed(2)} s ${load.longestGap.service}`,
    seconds.toFixed(0),
    complaints(one).length > 0 ? 'BROKEN' : scenario.failing === 'must' ? 'fails, as it must' : 'holds',
  ];
}

/** What a person needs to find the cause: the failures with their times, and what long guests saw. */
export function details({ load, stay, failure, scenario, busy }: Measured): string {
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
  if (stay) {
    const closes = Object.entries(stay.closes).map(([code, times]) => `${times} × ${code}`);
    lines.push(
      `WebSockets: ${stay.opened} opened, closed ${closes.join(', ') || 'never'}, slowest to be back ${stay.slowestReconnect} ms, silent ${stay.silent}`,
      `25 s requests: ${stay.longRequests}, failed ${stay.longFailed.length}`,
    );
  }
  if (failure !== undefined && scenario.apply === 'badly') {
    lines.push('the apply failed, as it must');
  }
  return lines.map((line) => `  ${line}`).join('\n');
}
