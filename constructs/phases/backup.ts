import { SECRET_FILES } from '../../contract/backup';
import type { BackedUp, BackupSettings } from '../../contract/backup-settings';
import { readAsset } from '../assets/read-asset';
import { backupService, SECRET_FILE, schedulesOf } from '../backup/backup';
import { BACKUP_SIZE } from '../backup/defaults';
import { targetInWords } from '../backup/settings';
import { applicationsOf, jobsOf } from '../catalogue/applications';
import { type BackedUpBackend, backedUpBackends, backedUpVolumes, secretsFor } from '../catalogue/backup';
import type { Environment } from '../catalogue/environment';
import type { PlatformSpec } from '../catalogue/spec/platform';
import type { SwarmService } from '../swarm';
import { Duration } from '../units';
import { BACKUP, BACKUP_IMAGE } from '../units/backup';
import type { BackendPhase } from './backends';
import type { Gates } from './gates';
import { type Site, sized } from './site';

/**
 * The service that makes backups, where the environment has a place for them and the catalogue something to be backed up.
 * Right after the backends, beside the applications, which wait for its gate as little as it does for theirs: so it can be
 * brought up alone, when the data has to come back first.
 */
export function backupPhase(
  site: Site,
  gates: Gates,
  backends: readonly BackedUpBackend[],
  { services, ready }: Pick<BackendPhase, 'services' | 'ready'>,
): SwarmService[] {
  const { spec, environment, secrets, stack } = site;
  const { backupTo: target } = environment.spec;
  const volumes = backedUpVolumes(spec);
  if (!target || backends.length + volumes.length === 0) return [];
  const { image, limits, reservations, network } = sized(site, BACKUP, {
    image: BACKUP_IMAGE,
    ...BACKUP_SIZE,
    ...spec.backup,
  });
  const service = backupService(
    stack,
    {
      image,
      limits,
      reservations,
      network,
      otherNetworks: site.backNetwork === network ? [] : [site.backNetwork],
      spec: spec.backup ?? {},
      target,
      namespace: environment.name,
      launcher: site.launcher,
      backends,
      volumes: [...new Set(volumes.map(({ name }) => name))],
      constraints: constraintsOf(spec, services, backends),
      secrets: [
        ...secretsFor(target).map((id) => ({ secret: secrets.get(id)!, file: SECRET_FILE[id]! })),
        ...backends.map(({ secret }) => ({ secret: secrets.get(secret)!, file: SECRET_FILES.database })),
      ],
      script: readAsset,
    },
    ready,
  );
  gates.follow([service]);
  return [service];
}

/** Where the volumes are; without any, where the backends are. */
function constraintsOf(
  spec: PlatformSpec,
  services: readonly SwarmService[],
  backends: readonly BackedUpBackend[],
): readonly string[] {
  const placements = new Map(applicationsOf(spec).map(([name, { placement }]) => [name, placement]));
  const volumes = backedUpVolumes(spec).flatMap(({ application }) => placements.get(application) ?? []);
  const databases = services
    .filter(({ node }) => backends.some(({ id }) => id === node.id))
    .flatMap(({ props }) => props.constraints ?? []);
  const found = [volumes, databases].find((one) => one.length > 0) ?? ['node.role==manager'];
  return [...new Set(found)];
}

/** The applications that use a backend. */
const clientsOf = (spec: PlatformSpec, id: string): string[] =>
  applicationsOf(spec).flatMap(([name, { backends = {} }]) => (backends[id] === undefined ? [] : [name]));

/** The applications that mount one of these volumes, whoever of them says that it is backed up. */
const mountersOf = (spec: PlatformSpec, volumes: readonly string[]): string[] =>
  applicationsOf(spec).flatMap(([name, { sharedVolumes = [] }]) =>
    sharedVolumes.some((one) => volumes.includes(one.name)) ? [name] : [],
  );

/** The paths of the probe, by the application that answers them as they are. */
function probedOf({ probe, nginx: { routes } }: PlatformSpec): Record<string, string[]> {
  const asks: Record<string, string[]> = {};
  for (const path of probe?.paths ?? []) {
    const name = path.replace(/[?#].*$/, '');
    const [route] = routes
      .filter((one) => (one.exact ? one.path === name : name.startsWith(one.path)))
      .sort((a, b) => Number(b.exact ?? false) - Number(a.exact ?? false) || b.path.length - a.path.length);
    if (!route || route.rewrite !== undefined) continue;
    asks[route.service] = [...(asks[route.service] ?? []), path];
  }
  return asks;
}

/** With the jobs that run in these applications, which have what they have. */
const withJobs = (spec: PlatformSpec, applications: readonly string[]): string[] => [
  ...applications,
  ...jobsOf(spec).flatMap(([name, { service }]) => (applications.includes(service ?? '') ? [name] : [])),
];

const MAX_AGE = Duration.hours(24);

/** For `./proctor deploy` and plans. Absent where there are no backups. */
export function describeBackup(
  spec: PlatformSpec,
  environment: Environment,
  services: readonly SwarmService[],
): { readonly backup?: BackupSettings } {
  const service = services.find(({ node }) => node.id === BACKUP);
  const { backupTo: target } = environment.spec;
  if (!service || !target) return {};
  const backends = backedUpBackends(spec, environment.id);
  const { now: schedule, drill } = schedulesOf({ spec: spec.backup ?? {}, backends }).times;
  const rpo = backends[0]?.source.rpo;
  const asks = probedOf(spec);
  const volumes = backedUpVolumes(spec);
  const covers: Record<string, BackedUp> = Object.fromEntries([
    ...backends.map(({ id, source: { databases } }) => [
      id,
      { databases, writers: withJobs(spec, clientsOf(spec, id)) },
    ]),
    ...[...new Set(volumes.map(({ application }) => application))].map((id) => {
      const own = volumes.filter(({ application }) => application === id).map(({ name }) => name);
      return [id, { volumes: own, writers: withJobs(spec, mountersOf(spec, own)) }];
    }),
  ]);
  return {
    backup: {
      service: service.serviceName,
      covers,
      to: targetInWords(target, environment.name),
      schedule,
      ...(drill === undefined ? {} : { drill }),
      ...(rpo ? { rpoSeconds: rpo.toSeconds() } : {}),
      maxAgeSeconds: (spec.backup?.maxAge ?? MAX_AGE).toSeconds(),
      ...(Object.keys(asks).length > 0 ? { asks } : {}),
    },
  };
}
