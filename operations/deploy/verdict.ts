import type { KeptReport } from '../../contract/gate-report';
import { EXIT_CODES, EXIT_UNWELL, type Outcome, worst } from '../../contract/outcome';
import { hashOf, type Standing } from '../docker/standing';
import { shortImage } from '../images/same-image';
import type { ServiceChange } from '../plan/changes/model';
import type { DeclaredService } from '../stack/synthesized';
import { table } from '../terminal/table';
import type { PutBack } from './put-back';

/** One line of the table at the end. */
export interface VerdictRow {
  readonly service: string;
  readonly change: string;
  /** The gate's word; `notReached` when the deploy ended before, `removed`, or `unknown`: changed without a verdict. */
  readonly outcome: Outcome | 'notReached' | 'removed' | 'unknown';
  /** The service was put back afterwards, or was to be. */
  readonly putBack?: 'done' | 'failed';
  readonly seconds?: number;
  readonly tasksReplaced?: number;
  readonly reason?: string;
  readonly report?: string;
}

export const OUTCOME_WORDS: Readonly<Record<VerdictRow['outcome'], string>> = {
  converged: 'converged',
  rolledBack: 'ROLLED BACK',
  timedOut: 'TIMED OUT',
  paused: 'PAUSED',
  superseded: 'SUPERSEDED',
  unreachable: 'UNREACHABLE',
  notReached: 'not reached',
  removed: 'removed',
  unknown: 'NO VERDICT',
};

export interface Facts {
  readonly changes: readonly Pick<ServiceChange, 'service' | 'action' | 'what'>[];
  readonly services: readonly DeclaredService[];
  readonly reports: readonly KeptReport[];
  readonly putBacks: readonly PutBack[];
  /** Terraform ended well. */
  readonly applied: boolean;
  /** Names of services that are not what they were before. */
  readonly touched: ReadonlySet<string>;
}

/** Every service that this deploy was to change, in the order of the plan, and every other that a gate looked at. */
export function verdictRows({ changes, services, reports, putBacks, applied, touched }: Facts): VerdictRow[] {
  const full = (id: string) => services.find((service) => service.id === id)?.name;
  const short = (name: string) => services.find((service) => service.name === name)?.id ?? name;
  const others = reports.filter(({ service }) => !changes.some((change) => full(change.service) === service));
  const subjects = [
    ...changes.map((change) => ({ id: change.service, name: full(change.service), change })),
    ...others.map(({ service }) => ({ id: short(service), name: service, change: undefined })),
  ];
  return subjects.map(({ id, name, change }) => {
    const gate = reports.find(({ service }) => service === name);
    const back = putBacks.find(({ service }) => service === name);
    const destroyed = change?.action === 'destroy';
    const without = applied || touched.has(name ?? '') ? 'unknown' : 'notReached';
    const outcome = gate?.outcome ?? (destroyed && applied ? 'removed' : without);
    return {
      service: id,
      change: change ? `${change.action}: ${change.what}` : 'checked again',
      outcome,
      ...(gate
        ? { seconds: gate.seconds, tasksReplaced: gate.replaced, reason: gate.reason, report: gate.report }
        : {}),
      ...(back ? { putBack: back.done ? ('done' as const) : ('failed' as const) } : {}),
    };
  });
}

/** Services that are not what their gates have judged any more, one line each. */
export function changedSinceVerdict(
  reports: readonly KeptReport[],
  services: readonly DeclaredService[],
  now: ReadonlyMap<string, Standing>,
): string[] {
  return reports.flatMap(({ service, outcome, specification }) => {
    if (outcome !== 'converged' || specification === undefined) return [];
    const is = now.get(service);
    if (is && hashOf(is.spec) === specification) return [];
    const id = services.find(({ name }) => name === service)?.id ?? service;
    return [`${id}: somebody ${is ? 'changed' : 'removed'} it after its gate had passed`];
  });
}

/**
 * The gates' worst outcome; 6 where the server went away, 1 for what is no gate's verdict, 5 and 7 where a verdict does not
 * hold any more.
 */
export function exitCodeOf(facts: {
  readonly applied: boolean;
  readonly reports: readonly KeptReport[];
  readonly unreachable: boolean;
  readonly probeFailed: boolean;
  /** Services that are not what was judged any more. */
  readonly changed: boolean;
  /** Services that do not run as they did when they were judged. */
  readonly unwell: boolean;
}): number {
  const outcome = worst(facts.reports.map((report) => report.outcome));
  if (outcome !== 'converged') return EXIT_CODES[outcome];
  if (facts.unreachable) return EXIT_CODES.unreachable;
  if (!facts.applied || facts.probeFailed) return 1;
  if (facts.changed) return EXIT_CODES.superseded;
  return facts.unwell ? EXIT_UNWELL : 0;
}

/** The table at the end, line by line. What changed may be long; services and outcomes are never broken. */
export function verdictLines(rows: readonly VerdictRow[], columns?: number): string[] {
  const cells = rows.map((row) => [
    row.service,
    row.change,
    `${OUTCOME_WORDS[row.outcome]}${row.putBack ? `, ${row.putBack === 'done' ? 'PUT BACK' : 'NOT PUT BACK'}` : ''}`,
    row.seconds === undefined ? '' : `${row.seconds.toFixed(1)} s`,
  ]);
  return table([['service', 'change', 'outcome', 'seconds'], ...cells], { columns, flexible: [1] });
}

/** `2 × app:v2`, counted from tasks. */
export function runsNow(standing: Standing | undefined): string {
  if (!standing) return 'nothing';
  const parts = [...standing.running].map(([image, count]) => `${count} × ${shortImage(image)}`);
  return parts.join(' and ') || 'nothing';
}
