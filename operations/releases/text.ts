import type { Release } from '../../contract/release';
import { hasConverged } from '../records/choose';
import { formatSeconds } from '../terminal/quantities';
import { table } from '../terminal/table';

const HEAD = ['release', 'when (UTC)', 'who', 'commit', 'outcome', 'what'];
const SHORT_COMMIT = 9;
const SHOWN = 4;

/** For people, the newest first. */
export function listLines(releases: readonly Release[], columns?: number): string[] {
  if (releases.length === 0)
    return ['no releases yet: each ./proctor deploy that changes something makes one'];
  const rows = releases.map((release) => [
    String(release.number),
    timeOf(release),
    release.who,
    commitInWords(release),
    release.outcome,
    whatInWords(release),
  ]);
  return table([HEAD, ...rows], { columns, flexible: [2, 5] });
}

/** All that is known of one. */
export function showLines(release: Release, columns?: number): string[] {
  const { number, outcome, exitCode, seconds, services, plan, acknowledged, images, objects } = release;
  const within = columns && columns - 4;
  const rows = services.map((row) => [
    row.service,
    row.change,
    row.outcome,
    row.seconds === undefined ? '' : `${row.seconds.toFixed(1)} s`,
  ]);
  const part = (title: string, lines: readonly string[]) =>
    lines.length > 0 ? ['', title, ...lines.map((line) => `  ${line}`)] : [];
  return [
    `release ${number} of ${release.stack}: ${outcome}${exitCode === 0 ? '' : ` (exit code ${exitCode})`}`,
    `  ${timeOf(release)} UTC, ${formatSeconds(seconds)}, by ${release.who}`,
    `  commit ${commitInWords(release)}${release.of === undefined ? '' : `, back to release ${release.of}`}`,
    ...(release.leftOut ? [`  nothing can go back to it: ${release.leftOut}`] : []),
    ...part('plan', plan),
    ...part(
      'acknowledged',
      acknowledged.map(({ name, why }) => `${name}: ${why}`),
    ),
    ...part(
      'verdict',
      table([['service', 'change', 'outcome', 'seconds'], ...rows], { columns: within, flexible: [1] }),
    ),
    ...part('images', table(Object.entries(images).sort(), { columns: within, flexible: [1], head: false })),
    ...part('secrets and configs', objects),
  ];
}

/** Of one that did not converge. */
export const endInWords = ({ number, outcome }: Release): string =>
  `ended with ${outcome}: what it declares may never have run as a whole (./proctor releases show ${number})`;

/** @param found what is not as the release left it */
export function verifyLines(release: Release, server: string, found: readonly string[]): string[] {
  const { number } = release;
  const good = hasConverged(release);
  const runs = found.length === 0 ? 'runs' : 'does not run';
  return [
    ...(good ? [] : [`release ${number} ${endInWords(release)}`]),
    `the server at ${server} ${runs} exactly ${good ? `release ${number}` : 'what it left'}${found.length === 0 ? '' : ':'}`,
    ...found.map((line) => `  ${line}`),
  ];
}

export const timeOf = ({ at }: Release): string => at.slice(0, 16).replace('T', ' ');

export function commitInWords({ commit, clean }: Pick<Release, 'commit' | 'clean'>): string {
  if (commit === null) return '-';
  return `${commit.slice(0, SHORT_COMMIT)}${clean === false ? ' and changes' : ''}`;
}

/** `back to 40; users, exams`. */
export function whatInWords(release: Release): string {
  const names = release.services.map(({ service }) => service);
  const more = names.length > SHOWN ? `, and ${names.length - SHOWN} more` : '';
  const some = `${names.slice(0, SHOWN).join(', ')}${more}` || 'no service';
  const all = release.of === undefined ? some : `back to ${release.of}: ${some}`;
  return hasConverged(release) && release.leftOut ? `${all} (no way back to it)` : all;
}
