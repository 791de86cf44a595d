import { assessBackup } from '../backup/assess';
import { doubtOf } from '../certificates/doubt';
import { expiryOf } from '../certificates/expiry';
import type { Task, Usage } from '../docker/answers';
import { isRunning, isWanted } from '../docker/snapshot';
import { lockInWords } from '../records/lock';
import { strangersInWords } from '../stack/strangers';
import type { Answers } from './gather';
import { jobWarnings } from './jobs';
import type { CertificateStatus, DockerUsage, NodeStatus, ServiceStatus, Status } from './model';
import type { StatusOptions } from './options';
import { placesInWords, withoutData } from './places';
import { assessService, HISTORY } from './service-status';
import { taskHealth } from './task-health';
import { upkeepInWords } from './upkeep';
import { warningsOf } from './warnings';

/** What was gathered, brought to its meaning. */
export function assess(
  answers: Answers,
  wish: Pick<StatusOptions, 'stack' | 'https' | 'promised' | 'backup'> & {
    readonly target: { readonly host: string };
  },
): Status {
  const now = Date.parse(answers.info.SystemTime);
  const health = taskHealth(answers.containers);
  const history = answers.info.Swarm?.Cluster?.Spec?.Orchestration?.TaskHistoryRetentionLimit ?? HISTORY;
  const services: ServiceStatus[] = answers.services
    .map((service) => {
      const tasks = answers.tasks.filter((task) => serviceOf(task) === service.ID);
      const found = { service, tasks, upToDate: answers.upToDate, now };
      const status = assessService(found, wish.stack, health, history);
      const without = withoutData(service, tasks, answers);
      return without ? { ...status, ok: false, problem: status.problem ?? without } : status;
    })
    .sort((a, b) => a.name.localeCompare(b.name));
  const found = {
    certificate: certificateStatus(answers, wish, now),
    nodes: nodesOf(answers),
    server: answers.figures ?? null,
    refused: answers.refused ?? null,
    docker: answers.usage ? usageOf(answers.usage, wish.stack) : null,
  };
  const backup = wish.backup && answers.backup ? assessBackup(wish.backup, answers.backup, now) : null;
  const { missing, ahead } = answers.absent ?? { missing: [], ahead: [] };
  return {
    version: 1,
    host: wish.target.host,
    stack: wish.stack,
    at: new Date(now).toISOString(),
    ok: services.every((service) => service.ok) && missing.length === 0 && backup?.ok !== false,
    services,
    missing,
    jobs: answers.jobs,
    ...found,
    ...(answers.unmeasured ? { serverProblem: answers.unmeasured } : {}),
    backup,
    warnings: [
      ...(backup?.problems ?? []),
      ...warningsOf({ ...found, cpus: answers.info.NCPU }, new Date(now)),
      ...jobWarnings(answers.jobs, now),
      ...placesInWords(answers, wish.stack),
      ...(answers.upkeep ? upkeepInWords(answers.upkeep) : []),
      ...(answers.sixth ? [`${answers.sixth}: docs/routes.md, "IPv6"`] : []),
      ...(ahead.length > 0 ? [`in the catalogue and not deployed yet: ${ahead.join(', ')}`] : []),
      ...strangersInWords(answers.strangers),
      ...(answers.lock ? [lockInWords(answers.lock)] : []),
    ],
  };
}

const serviceOf = (task: Task): string | undefined => (task as Task & { ServiceID?: string }).ServiceID;

function certificateStatus(
  { certificate }: Answers,
  { https: { host, port }, promised }: Pick<StatusOptions, 'https' | 'promised'>,
  now: number,
): CertificateStatus {
  const address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  if ('error' in certificate) {
    const unknown = { subject: null, issuer: null, selfSigned: null };
    const never = { validFrom: null, validTo: null, daysLeft: null };
    return { address, ...unknown, ...never, problem: certificate.error, doubt: null };
  }
  const { subject, issuer, selfSigned, validFrom, validTo, untrusted } = certificate;
  const { daysLeft } = expiryOf(certificate, new Date(now));
  const doubt = (promised && doubtOf(certificate, promised, new Date(now))) ?? null;
  return { address, subject, issuer, selfSigned, validFrom, validTo, daysLeft, problem: untrusted, doubt };
}

function nodesOf({ nodes, tasks }: Answers): NodeStatus[] {
  return nodes
    .map((node) => {
      // What ran on a node that went down runs for ever by its last word; Swarm wants it no more.
      const there = tasks.filter((task) => task.NodeID === node.ID && isWanted(task) && isRunning(task));
      const reservations = there.map((task) => task.Spec.Resources?.Reservations);
      const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
      return {
        name: node.Description.Hostname,
        role: node.Spec.Role,
        leader: node.ManagerStatus?.Leader ?? false,
        state: node.Status.State,
        availability: node.Spec.Availability,
        cpus: node.Description.Resources.NanoCPUs / 1e9,
        memoryBytes: node.Description.Resources.MemoryBytes,
        tasks: there.length,
        reserved: {
          cpus: sum(reservations.map((one) => one?.NanoCPUs ?? 0)) / 1e9,
          memoryBytes: sum(reservations.map((one) => one?.MemoryBytes ?? 0)),
        },
      };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

function usageOf(usage: Usage, stack: string): DockerUsage {
  const images = usage.Images ?? [];
  const containers = usage.Containers ?? [];
  const volumes = (usage.Volumes ?? []).map(({ Name, UsageData }) => ({
    name: Name,
    bytes: Math.max(0, UsageData?.Size ?? 0),
  }));
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
  // `docker system df` also calls reclaimable what an image in use shares; pruning does not free that.
  const alone = images
    .filter((image) => image.Containers === 0 && image.SharedSize >= 0)
    .map((image) => image.Size - image.SharedSize);
  return {
    images: { count: images.length, bytes: usage.LayersSize ?? 0, unusedBytes: sum(alone) },
    containers: { count: containers.length, bytes: sum(containers.map((one) => one.SizeRw ?? 0)) },
    volumes: { count: volumes.length, bytes: sum(volumes.map((one) => one.bytes)) },
    stackVolumes: Object.fromEntries(
      volumes
        .filter(({ name }) => name.startsWith(`${stack}_`))
        .sort((a, b) => a.name.localeCompare(b.name))
        .map(({ name, bytes }) => [name, bytes]),
    ),
    buildCacheBytes: sum((usage.BuildCache ?? []).map((one) => one.Size)),
  };
}
