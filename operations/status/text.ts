import { expiryOf } from '../certificates/expiry';
import type { Paint } from '../terminal/paint';
import { formatAge, formatSize } from '../terminal/quantities';
import { table } from '../terminal/table';
import type {
  CertificateStatus,
  DockerUsage,
  Health,
  NodeStatus,
  RolloutStatus,
  ServiceStatus,
  Status,
} from './model';

/** The status for people: a head line, a table of the services, the rest below, warnings last. */
export function render(status: Status, paint: Paint): string {
  const now = Date.parse(status.at);
  const bad = status.services.filter((service) => !service.ok).length;
  const verdict =
    bad === 0
      ? paint.good(`all ${status.services.length} services well`)
      : paint.bad(`${bad} of ${status.services.length} services not well`);
  return [
    `${paint.strong(status.stack)} on ${status.host}, ${status.at.replace('T', ' ').slice(0, 19)} UTC: ${verdict}`,
    '',
    ...table([
      ['SERVICE', 'REPLICAS', 'HEALTH', 'IMAGE', 'RUNS FOR', 'LAST ROLLOUT', 'FAILED IN 1 H'].map(paint.dim),
      ...status.services.map((service) => row(service, now, paint)),
    ]),
    ...status.services.flatMap(({ name, problem }) => (problem ? [`  ${name}: ${problem}`] : [])),
    '',
    ...table([
      ['certificate', certificate(status.certificate, now, paint)],
      ...status.nodes.map((node) => [`node ${node.name}`, nodeLine(node, paint)]),
      ['load', server(status)],
      ['docker', docker(status.docker)],
      ...volumes(status.docker),
    ]),
    ...(status.warnings.length > 0
      ? ['', ...status.warnings.map((warning) => paint.warn(`! ${warning}`))]
      : []),
  ].join('\n');
}

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
  const { address, subject, issuer, selfSigned, validFrom, validTo, daysLeft, problem } = found;
  if (daysLeft === null || validTo === null) return `not available (${address}: ${problem})`;
  const left = daysLeft < 0 ? 'EXPIRED' : `${daysLeft} days left`;
  const { warn } = expiryOf({ validFrom, validTo }, new Date(now));
  const by = selfSigned ? 'self-signed' : `by ${issuer}`;
  const trouble = problem && !selfSigned ? `, not trusted here: ${problem}` : '';
  return `${address} ${subject} ${by}, ${(warn ? paint.warn : paint.good)(left)}${trouble}`;
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

function server({ server }: Status): string {
  if (!server) return 'not available (no shell there)';
  const { load, memory, disk } = server;
  return `${load.map((one) => one.toFixed(2)).join(' ')}; memory ${formatSize(memory.availableBytes)} of ${formatSize(memory.totalBytes)} available; disk ${formatSize(disk.freeBytes)} of ${formatSize(disk.totalBytes)} free at ${disk.path}`;
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
