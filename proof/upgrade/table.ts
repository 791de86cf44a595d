import type { ServiceChange } from '../../operations/plan/changes/model';
import { table } from '../../operations/terminal/table';
import type { LoadResult } from '../load/tally';
import type { Served } from '../watch/outages';

/** One line of what an upgrade cost. */
export interface Cost {
  /** A service, or several that were away at the same time. */
  readonly who: string;
  readonly replaced: number;
  /** Without a task that serves, in all. */
  readonly seconds: number;
  readonly failed: number;
  /** From the first of them that was sent to the last that failed, in seconds; 0 where none did. */
  readonly failing: number;
}

/** Failed while no service was away. */
export const OTHERWISE = 'at other times';

type Failures = LoadResult['failures'];

/**
 * What each restart cost: a request that failed goes with the services that were away while it was under way.
 *
 * @param failures all of them
 */
export function costsOf(served: readonly Served[], failures: Failures): Cost[] {
  const groups = new Map<string, Failures[number][]>();
  for (const failure of failures) {
    const away = served
      .filter(({ outages }) => outages.some(({ from, to }) => failure.failed >= from && failure.sent <= to))
      .map(({ service }) => service);
    const who = away.length > 0 ? away.join(' and ') : OTHERWISE;
    groups.set(who, [...(groups.get(who) ?? []), failure]);
  }
  const costOf = (who: string, replaced: number, seconds: number): Cost => {
    const own = groups.get(who) ?? [];
    const [sent, failed] = [own.map((one) => one.sent), own.map((one) => one.failed)];
    const failing = own.length > 0 ? (Math.max(...failed) - Math.min(...sent)) / 1000 : 0;
    return { who, replaced, seconds, failed: own.length, failing };
  };
  const single = served.map(({ service, replaced, outages }) =>
    costOf(
      service,
      replaced,
      outages.reduce((sum, { from, to }) => sum + (to - from) / 1000, 0),
    ),
  );
  const others = [...groups.keys()].filter((who) => !single.some((cost) => cost.who === who));
  return [...single, ...others.map((who) => costOf(who, 0, 0))];
}

/** How many times as long as the plan says a service may be away: its number is of a machine that does nothing else. */
const FACTOR = 3;

/**
 * Services that were away for longer than was announced, in words. What the plan says a slow start may take comes on top.
 *
 * @param planned as the deploy's plan has them
 */
export const tooLong = (
  costs: readonly Cost[],
  planned: readonly Pick<ServiceChange, 'service' | 'downtimeSeconds' | 'slowStartSeconds'>[],
): string[] =>
  costs.flatMap(({ who, seconds }) => {
    const change = planned.find(({ service }) => service === who);
    if (!change) return [];
    const { downtimeSeconds, slowStartSeconds = 0 } = change;
    const most = FACTOR * downtimeSeconds + slowStartSeconds;
    const slow = slowStartSeconds > 0 ? `, and up to ${slowStartSeconds} s where it starts slowly` : '';
    return seconds > most
      ? [`${who}: away for ${seconds.toFixed(1)} s, and the plan said about ${downtimeSeconds} s${slow}`]
      : [];
  });

export const costTable = (costs: readonly Cost[], load: Pick<LoadResult, 'requests' | 'failed'>): string =>
  table([
    ['service', 'tasks replaced', 'no healthy task', 'failed requests', 'from first to last'],
    ...costs.map(({ who, replaced, seconds, failed, failing }) => [
      who,
      replaced > 0 ? String(replaced) : '',
      seconds > 0 ? `${seconds.toFixed(1)} s` : '',
      String(failed),
      failed > 0 ? `${failing.toFixed(1)} s` : '',
    ]),
    ['all', '', '', `${load.failed} of ${load.requests}`, ''],
  ]).join('\n');
