import { formatAge } from '../terminal/quantities';
import { table } from '../terminal/table';
import type { SecretRow } from './list';
import type { OtherSecret } from './others';

const HEAD = [
  'secret',
  'version',
  'age',
  'used by',
  'rotating it replaces',
  'value here',
  'a deploy from here',
];

/** For people. */
export function render(
  rows: readonly SecretRow[],
  others: readonly OtherSecret[],
  file: string,
  now: Date,
  columns?: number,
): string {
  const cells = rows.map((row) => [
    row.name,
    row.versions.join(' and ') || 'none',
    ageOf(row.since, now),
    row.usedBy.join(', ') || '-',
    replaced(row),
    { shell: 'shell', file, command: 'command', none: '-' }[row.source],
    next(row),
  ]);
  const unused = rows.flatMap(({ name, unused: versions }) =>
    versions.map((version) => `${name} ${version}`),
  );
  return [
    ...table([HEAD, ...cells], { columns, flexible: [3, 4] }),
    ...(unused.length > 0
      ? [
          '',
          `in the Swarm and used by nothing: ${unused.join(', ')}; the next deploy that ends well removes those that it made`,
        ]
      : []),
    ...(others.length > 0 ? ['', 'not named in the catalogue:'] : []),
    ...others.map(
      ({ name, since, usedBy }) =>
        `  ${name}  ${ageOf(since, now)}  ${usedBy.join(', ') || 'used by nothing'}`,
    ),
  ].join('\n');
}

const ageOf = (since: string | null, now: Date): string =>
  since === null ? '-' : formatAge(now.getTime() - Date.parse(since));

function replaced({ replaces, provisionedIn, signsTokens }: SecretRow): string {
  const services = Object.entries(replaces);
  const tasks = services.reduce((sum, [, count]) => sum + count, 0);
  const what =
    services.length === 1
      ? `${count(tasks, 'task')} of ${services[0]![0]}`
      : `${count(tasks, 'task')} of ${count(services.length, 'service')}`;
  return [
    services.length === 0 ? 'nothing' : what,
    ...(provisionedIn ? [`${provisionedIn} does not restart`] : []),
    ...(signsTokens ? ['tokens: docs/secrets.md'] : []),
  ].join('; ');
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

const next = ({ next: { does, version } }: SecretRow): string =>
  ({
    nothing: 'keeps it',
    unknown: 'asks the command',
    missing: 'is refused: no value',
    makes: `makes ${version}`,
    rotates: `rotates it to ${version}`,
    removes: 'is refused: no value',
  })[does];
