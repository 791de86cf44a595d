import { applicationService } from '../application/application-service';
import {
  type Application,
  awaitedBy,
  secretMountsOf,
  secretUrlsOf,
  settingsOf,
} from '../catalogue/applications';
import { readPem } from '../ingress/tls/certificate';
import { type IConstruct, SwarmConfig, type SwarmService } from '../swarm';
import { checkCaFile } from '../units/ca-file';
import type { Gates } from './gates';
import { migrationSteps } from './migrations';
import { rolloutWaves } from './rollout-waves';
import { type Site, sized } from './site';

/**
 * After what has to be migrated, in waves, each after the gates of the one before: what rolls together fits the node.
 *
 * @param beside what is declared before them, and takes its part of the node
 */
export function applicationPhase(
  site: Site,
  gates: Gates,
  beside: readonly SwarmService[],
  after: readonly IConstruct[],
): SwarmService[][] {
  const declared = new Map<string, SwarmService>();
  let before = [...after, ...migrationSteps(site, (id) => declared.get(id)!, after)];
  return rolloutWaves(site.spec, site.environment, beside).map((wave) => {
    const services = wave.map(([id, application]) => {
      const service = declare(site, id, application, before);
      declared.set(id, service);
      return service;
    });
    before = gates.follow(services);
    return services;
  });
}

function declare(
  site: Site,
  id: string,
  application: Application,
  after: readonly IConstruct[],
): SwarmService {
  const { spec, stack, environment, secrets } = site;
  return applicationService(
    stack,
    id,
    {
      ...sized(site, id, application),
      replicas: environment.replicas(id, application.replicas),
      otherNetworks: site.backNetwork === site.network ? [] : [site.backNetwork],
      launcher: application.launcher === false ? undefined : site.launcher,
      ca: trusted(site, id, application),
      settings: settingsOf([id, application], spec),
      urls: secretUrlsOf([id, application], spec),
      secrets: secretMountsOf([id, application], spec, secrets),
      awaited: awaitedBy([id, application], spec),
      sharedVolumes: (application.sharedVolumes ?? []).map(({ name, target }) => ({ name, target })),
    },
    after,
  );
}

/** The certificates that it trusts here, where the catalogue says so. */
function trusted(site: Site, id: string, application: Application): SwarmConfig | undefined {
  const file = site.environment.caFile(id, application.caFile);
  if (file === undefined) return undefined;
  const of = `the caFile of ${id}`;
  if (application.launcher === false) {
    throw new Error(
      `${id} has no launcher, which would tell it of its caFile\n  remove one of caFile and launcher: false`,
    );
  }
  const content = readPem(site.projectFolder, file, of);
  const faults = checkCaFile(content, new Date());
  if (faults.length > 0) throw new Error(`${of}: ${file} cannot be used\n  ${faults.join('\n  ')}`);
  return new SwarmConfig(site.stack, `${id}_ca`, { content });
}
