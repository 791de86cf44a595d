import { applicationsOf, jobsOf } from '../catalogue/applications';
import type { Backend, Client, Place, Provisioning } from '../catalogue/spec/backend';
import { type IConstruct, type Step, type SwarmService, UpdatePolicy } from '../swarm';
import { surgeTasks } from '../units/capacity';
import { dataStep, placeStep } from './data-steps';
import type { Gates } from './gates';
import { type Site, sized } from './site';

export interface BackendPhase {
  readonly services: readonly SwarmService[];
  /** By the backend's key: what is done inside it before and after the applications roll. */
  readonly provisionings: ReadonlyMap<string, Provisioning>;
  /** What applications wait for. */
  readonly ready: readonly Step[];
  /** Each remembers in the Swarm that there is data now, and where. */
  readonly remembered: readonly Step[];
  /** Drops what only the older version of the platform needed. @param after all gates */
  finish(after: readonly IConstruct[]): Step[];
}

/** All backends at once, each under its gate, and what has to be done inside them before an application may start. */
export function backendPhase(site: Site, gates: Gates, after: readonly IConstruct[]): BackendPhase {
  const backends = Object.entries<Backend>(site.spec.backends ?? {}).map(([id, backend]) => {
    const at = placeOf(site, id, backend);
    // The step needs to know the service that comes after it.
    const declared: { service?: SwarmService } = {};
    const place = placeStep(site, at, () => declared.service!);
    const service = backend.declare(at, [...after, place]);
    declared.service = service;
    return { id, backend, at, service };
  });
  const services = backends.map(({ service }) => service);
  const converged = gates.follow(services);
  const provisionings = new Map(
    backends.flatMap(({ id, backend, at, service }) => {
      const provisioning = backend.provision?.(at, service);
      return provisioning ? [[id, provisioning] as const] : [];
    }),
  );
  const { provision: script } = site.scripts;
  const prepared = [...provisionings].map(([id, provisioning]) => ({
    id,
    provisioning,
    step: provisioning.prepare(script, converged),
  }));
  const remembered = services.map((service, index) => {
    const inside = prepared.filter(({ id }) => id === service.node.id).map(({ step }) => step);
    return dataStep(site, service, [converged[index]!, ...inside]);
  });
  return {
    services,
    provisionings,
    remembered,
    ready: [...converged, ...prepared.map(({ step }) => step)],
    finish: (all) => prepared.map(({ provisioning, step }) => provisioning.finish(script, all, step)),
  };
}

function placeOf(site: Site, id: string, { spec }: Backend): Place {
  const { image, limits, reservations } = sized(site, id, spec);
  return {
    scope: site.stack,
    id,
    image,
    limits,
    reservations,
    network: site.backNetwork,
    clients: clientsOf(site, id),
    projectFolder: site.projectFolder,
    backedUp: site.environment.spec.backupTo !== undefined,
    secret: (name) => {
      const secret = site.secrets.get(name);
      if (secret) return secret;
      throw new Error(`the backend ${id} needs the secret ${name}\n  declare it in secrets: ${name}: {}`);
    },
  };
}

const clientsOf = ({ spec, environment }: Site, id: string): Client[] =>
  applicationsOf(spec).flatMap(
    ([application, { backends = {}, migrate, replicas: written, updatePolicy }]) => {
      const use = backends[id];
      if (use === undefined) return [];
      const { order, parallelism } = updatePolicy ?? UpdatePolicy.startFirst();
      const replicas = environment.replicas(application, written);
      const surge = surgeTasks({ replicas, startFirst: order === 'start-first', parallelism });
      // A migration is over before the roll begins; a job of it may run at any time, and has its account.
      const extra = Math.max(surge, migrate ? 1 : 0);
      const jobs = jobsOf(spec).filter(([, { service }]) => service === application).length;
      return [{ application, use, tasks: { atRest: replicas + jobs, most: replicas + extra + jobs } }];
    },
  );
