import { applicationService } from '../application/application-service';
import {
  type Application,
  awaitedBy,
  secretMountsOf,
  secretUrlsOf,
  settingsOf,
} from '../catalogue/applications';
import type { IConstruct, SwarmService } from '../swarm';
import type { Gates } from './gates';
import { rolloutWaves } from './rollout-waves';
import { type Site, sized } from './site';

/** In waves, each after the gates of the one before: what rolls together fits the node. */
export function applicationPhase(site: Site, gates: Gates, after: readonly IConstruct[]): SwarmService[][] {
  let before = after;
  return rolloutWaves(site.spec, site.environment).map((wave) => {
    const services = wave.map(([id, application]) => declare(site, id, application, before));
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
      launcher: application.launcher === false ? undefined : site.launcher,
      settings: settingsOf(application, spec),
      urls: secretUrlsOf(application, spec),
      secrets: secretMountsOf(application, spec, secrets),
      awaited: awaitedBy(application, spec),
      sharedVolumes: application.sharedVolumes ?? [],
    },
    after,
  );
}
