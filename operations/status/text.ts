import type { BackupStatus } from '../backup/assess';
import { backupInWords } from '../backup/text';
import { expiryOf } from '../certificates/expiry';
import type { Paint } from '../terminal/paint';
import { formatAge, formatSize } from '../terminal/quantities';
import type { Room } from '../terminal/screen';
import { table } from '../terminal/table';
import { wrap } from '../terminal/wrap';
import { isWell, jobInWords } from './jobs';
import type {
  CertificateStatus,
  DockerUsage,
  Health,
  NodeStatus,
  RolloutStatus,
  ServiceStatus,
  Status,
} from './model';
import { refusedInWords } from './refused';

const MAY_WRAP = { image: 3, rollout: 5, fact: 1 } as const;

/**
 * The status for people: a head line, a table of the services, the rest below, warnings last.
 *
 * @param room where it has rows, what is not well is shown first, and lines are counted as the terminal will break them
 */
export function render(status: Status, paint: Paint, room: Room = {}): string {
  const { columns = Infinity, rows = Infinity } = room;
  const show = (parts: Parts) =>
    linesOf(status, paint, { ...parts, columns: room.columns }).flatMap((line) =>
      room.rows === undefined ? [line] : wrap(line, columns),
    );
  const calm = status.services.filter(isCalm);
  const without = (count: number): Parts => ({ hidden: calm.slice(calm.length - count), facts: true });
  let parts = without(0);
  let lines = show(parts);
  if (lines.length > rows) {
    parts = without(leastThat((count) => show(without(count)).length <= rows, calm.length));
    lines = show(parts);
  }
  if (lines.length > rows) lines = show({ ...parts, facts: false });
  if (lines.length > rows) {
    const shown = lines.slice(0, rows - 1);
    lines = [...shown, `… and ${lines.length - shown.length} more lines: ./proctor status`];
  }
  return lines.join('\n');
}

/** The least number from 1 for which it holds, as it does for all above it; `most` where it holds for none. */
function leastThat(holds: (count: number) => boolean, most: number): number {
  let [low, high] = [Math.min(1, most), most];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

interface Parts {
  readonly hidden: readonly ServiceStatus[];
  /** Certificate, nodes and server. */
  readonly facts: boolean;
}

/** Well, and not on its way to something else. */
const isCalm = ({ ok, rollout: { state } }: ServiceStatus): boolean =>
  ok && state !== 'updating' && state !== 'rollback_started';

function linesOf(
  status: Status,
  paint: Paint,
  { hidden, facts, columns }: Parts & { readonly columns: number | undefined },
): string[] {
  const now = Date.parse(status.at);
  const shown = status.services.filter((service) => !hidden.includes(service));
  const { missing } = status;
  const bad = status.services.filter((service) => !service.ok).length + missing.length;
  const all = status.services.length + missing.length;
  const verdict =
    bad === 0
      ? paint.good(`all ${all} services well`) +
        (status.backup?.ok === false ? `, ${paint.bad('backups not well')}` : '')
      : paint.bad(`${bad} of ${all} services not well`);
  return [
    `${paint.strong(status.stack)} on ${status.host}, ${status.at.replace('T', ' ').slice(0, 19)} UTC: ${verdict}`,
    '',
    ...table(
      [
        ['SERVICE', 'REPLICAS', 'HEALTH', 'IMAGE', 'RUNS FOR', 'LAST ROLLOUT', 'FAILED IN 1 H'].map(
          paint.dim,
        ),
        ...shown.map((service) => row(service, now, paint)),
      ],
      { columns, flexible: [MAY_WRAP.image, MAY_WRAP.rollout] },
    ),
    ...(hidden.length > 0 ? [`… and ${hidden.length} more, all well`] : []),
    ...[...status.services, ...missing].flatMap(({ name, problem }) =>
      problem ? [`  ${name}: ${problem}`] : [],
    ),
    ...(facts
      ? ['', ...table(factsOf(status, now, paint), { columns, flexible: [MAY_WRAP.fact], head: false })]
      : []),
    ...(status.warnings.length > 0
      ? ['', ...status.warnings.map((warning) => paint.warn(`! ${warning}`))]
      : []),
  ];
}

const factsOf = (status: Status, now: number, paint: Paint): string[][] => [
  ...status.jobs.map((job) => [
    `job ${job.name}`,
    (job.problem === null && job.runs.every(isWell) ? paint.plain : paint.warn)(jobInWords(job, now)),
  ]),
  ['certificate', certificate(status.certificate, now, paint)],
  ...status.nodes.map((node) => [`node ${node.name}`, nodeLine(node, paint)]),
  ['load', server(status)],
  ['docker', docker(status.docker)],
  ...volumes(status.docker),
  ...(status.backup ? [['backups', backupWords(status.backup, now, paint)]] : []),
  ...refused(status),
];

function row(service: ServiceStatus, now: number, paint: Paint): string[] {
  const { running, desired, upToDate, image, since, restarts } = service;
  const replicas = `${running}/${desired}`;
  const old = running > upToDate && desired > 0 ? `, ${running - upToDate} old` : '';
  const failed = `${restarts.lastHour}${restarts.atLeast ? ' or more' : ''}`;
  return [
    service.name,
    (running >= desired ? paint.plain : paint.bad)(replicas) + old,
    byHealth(service.health, paint)(service.health),
    `${image.tag ?? ''}${image.digest ? `@${image.digest}` : ''}`,
    since ? formatAge(now - Date.parse(since)) : '-',
    rollout(service.rollout, now, paint),
    (restarts.lastHour > 0 ? paint.warn : paint.plain)(failed),
  ];
}

const byHealth = (health: Health, paint: Paint) =>
  ({
    healthy: paint.good,
    running: paint.good,
    starting: paint.warn,
    degraded: paint.bad,
    down: paint.bad,
    off: paint.dim,
  })[health];

function rollout({ state, at, failed }: RolloutStatus, now: number, paint: Paint): string {
  const words = {
    created: 'created',
    changed: 'changed',
    updating: 'updating for',
    paused: 'PAUSED',
    completed: 'completed',
    rollback_started: 'rolling back for',
    rollback_paused: 'ROLLBACK PAUSED',
    rollback_completed: failed ? 'ROLLED BACK' : 'rolled back on request',
  }[state];
  const time = formatAge(now - Date.parse(at));
  const text = words.endsWith(' for') ? `${words} ${time}` : `${words} ${time} ago`;
  return failed ? paint.bad(text) : text;
}

function certificate(found: CertificateStatus, now: number, paint: Paint): string {
  const { address, subject, issuer, selfSigned, validFrom, validTo, daysLeft, problem, doubt } = found;
  if (daysLeft === null || validTo === null) return `not available (${address}: ${problem})`;
  const left = daysLeft < 0 ? 'EXPIRED' : `${daysLeft} days left`;
  const { warn } = expiryOf({ validFrom, validTo }, new Date(now));
  const by = selfSigned ? 'self-signed' : `by ${issuer}`;
  const trouble = problem && !selfSigned ? `, not trusted here: ${problem}` : '';
  return `${address} ${subject} ${by}, ${(warn || doubt ? paint.warn : paint.good)(left)}${trouble}`;
}

function nodeLine(node: NodeStatus, paint: Paint): string {
  const { role, leader, state, availability, cpus, memoryBytes, tasks, reserved } = node;
  const well = state === 'ready' && availability === 'active';
  return [
    (well ? paint.good : paint.warn)(`${state}, ${availability}`),
    leader ? 'leader' : role,
    `${tasks} tasks reserve ${round(reserved.cpus)} of ${cpus} CPUs and ${formatSize(reserved.memoryBytes)} of ${formatSize(memoryBytes)}`,
  ].join(', ');
}

function server({ server, serverProblem }: Status): string {
  if (!server) return `not available (${serverProblem ?? 'no shell there'})`;
  const { load, memory, disk } = server;
  return `${load.map((one) => one.toFixed(2)).join(' ')}; memory ${formatSize(memory.availableBytes)} of ${formatSize(memory.totalBytes)} available; disk ${formatSize(disk.freeBytes)} of ${formatSize(disk.totalBytes)} free at ${disk.path}`;
}

const backupWords = (backup: BackupStatus, now: number, paint: Paint): string =>
  (backup.ok ? paint.plain : paint.bad)(backupInWords(backup, now));

function refused({ refused }: Status): string[][] {
  const words = refused ? refusedInWords(refused) : '';
  return words === '' ? [] : [['refused', `${words}, in the last hour`]];
}

function docker(usage: DockerUsage | null): string {
  if (!usage) return 'not available';
  const { images, containers, volumes, buildCacheBytes } = usage;
  return [
    `${images.count} images ${formatSize(images.bytes)}${images.unusedBytes > 0 ? ` (${formatSize(images.unusedBytes)} unused)` : ''}`,
    `${containers.count} containers ${formatSize(containers.bytes)}`,
    `${volumes.count} volumes ${formatSize(volumes.bytes)}`,
    ...(buildCacheBytes > 0 ? [`build cache ${formatSize(buildCacheBytes)}`] : []),
  ].join(', ');
}

function volumes(usage: DockerUsage | null): string[][] {
  const own = Object.entries(usage?.stackVolumes ?? {});
  return own.length > 0
    ? [['volumes', own.map(([name, bytes]) => `${name} ${formatSize(bytes)}`).join(', ')]]
    : [];
}

const round = (number: number): string => String(Number(number.toFixed(2)));
