import type { ProbeSettings } from '../../contract/probe';

/** One request: how long it took, and what was wrong with it if anything. */
export interface Sample {
  readonly path: string;
  readonly milliseconds: number;
  readonly failure?: string;
}

export interface ProbeReport {
  readonly requests: number;
  readonly failures: number;
  /** Requests that failed or were too slow for as long as was acknowledged; in no other number here. */
  readonly covered: number;
  /** Milliseconds of answered requests; 0 when there was none. */
  readonly p50: number;
  readonly p99: number;
  /** The first few failures, in words. */
  readonly examples: readonly string[];
}

const EXAMPLES = 3;
/** Before so many requests, one failure of a tolerated rate says little. */
const EARLY = 100;

export function reportOf(samples: readonly Sample[]): ProbeReport {
  const failed = samples.filter(({ failure }) => failure !== undefined);
  const times = samples
    .filter(({ failure }) => failure === undefined)
    .map(({ milliseconds }) => milliseconds)
    .sort((a, b) => a - b);
  return {
    requests: samples.length,
    failures: failed.length,
    covered: 0,
    p50: Math.round(percentile(times, 0.5)),
    p99: Math.round(percentile(times, 0.99)),
    examples: failed.slice(0, EXAMPLES).map(({ path, failure }) => `${path}: ${failure}`),
  };
}

/** Nearest rank: a value that was measured. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/**
 * What is worse than allowed, in words.
 *
 * @param under way: counts only what more good requests could hardly mend
 */
export function breaches(report: ProbeReport, settings: ProbeSettings, underWay = false): string[] {
  const { requests, failures, p99 } = report;
  const { maxErrorRate = 0, maxP99Milliseconds } = settings;
  const base = underWay ? Math.max(requests, EARLY) : requests;
  const found: string[] = [];
  if (failures > maxErrorRate * base) {
    found.push(
      `${failures} of ${requests} requests failed, ${maxErrorRate === 0 ? 'none' : `${maxErrorRate * 100} %`} may (${report.examples.join('; ')})`,
    );
  }
  if (!underWay && maxP99Milliseconds !== undefined && p99 > maxP99Milliseconds) {
    found.push(`p99 was ${p99} ms, ${maxP99Milliseconds} ms are allowed`);
  }
  return found;
}

export const inWords = ({ requests, failures, covered, p50, p99 }: ProbeReport): string =>
  `${requests} requests, ${failures} failed, p50 ${p50} ms, p99 ${p99} ms${covered > 0 ? `; ${covered} more within the acknowledged interruption` : ''}`;
