import type { Network, Service, SwarmObject } from '../docker/answers';
import type { DockerClient } from '../docker/client';
import { hashOf } from '../docker/standing';
import type { KnownObject } from '../terraform/state-contents';

/** What a server holds of what a state knows, at one moment. */
export interface Held {
  /** Of the Swarm. */
  readonly cluster: string;
  /** `service shop_web` → a hash of all that can be changed of it; `gone`, and what is there under a service's name since. */
  readonly objects: ReadonlyMap<string, string>;
  /** By their ids. */
  readonly services: ReadonlyMap<string, Service>;
  readonly networks: ReadonlyMap<string, Network>;
}

const GONE = 'gone';

export const isGone = (hash: string | undefined): boolean => hash === undefined || hash.startsWith(GONE);

export type Asking = Pick<DockerClient, 'info' | 'services' | 'networks' | 'secrets' | 'configs'>;

/** @param asked for the services, by one who needs them anyway. @default they are asked for */
export async function readHeld(
  docker: Asking,
  known: readonly KnownObject[],
  asked?: readonly Service[],
): Promise<Held> {
  const configIds = idsOf(known, 'docker_config');
  const [info, services, networks, secrets, configs] = await Promise.all([
    docker.info(),
    asked ?? docker.services(),
    docker.networks(),
    docker.secrets(),
    configIds.length > 0 ? docker.configs({ id: configIds }) : [],
  ]);
  const byId = {
    docker_service: new Map(services.map((service) => [service.ID, service])),
    docker_network: new Map(networks.map((network) => [network.Id, network])),
    docker_secret: new Map(secrets.map((secret) => [secret.ID, secret])),
    docker_config: new Map(configs.map((config) => [config.ID, config])),
  };
  const objects = known.map((object) => {
    const { type, id } = object;
    const found = isRead(type) ? byId[type].get(id) : undefined;
    if (found) return [keyOf(object), hashOf(changeable(found))] as const;
    // The provider takes one that was made again under its name for the one that it knows.
    const again = services.find(({ Spec }) => type === 'docker_service' && Spec.Name === object.name);
    return [keyOf(object), again ? `${GONE} ${hashOf(changeable(again))}` : GONE] as const;
  });
  return {
    cluster: info.Swarm?.Cluster?.ID ?? '',
    objects: new Map(objects),
    services: byId.docker_service,
    networks: byId.docker_network,
  };
}

const isRead = (
  type: string,
): type is 'docker_service' | 'docker_network' | 'docker_secret' | 'docker_config' =>
  ['docker_service', 'docker_network', 'docker_secret', 'docker_config'].includes(type);

const idsOf = (known: readonly KnownObject[], wanted: string): string[] =>
  known.filter(({ type }) => type === wanted).map(({ id }) => id);

export const keyOf = ({ type, name }: Pick<KnownObject, 'type' | 'name'>): string =>
  `${type.replace('docker_', '')} ${name}`;

/** All of it but what Swarm itself keeps there: versions, times, how an update goes, who is attached. */
function changeable(found: Service | Network | SwarmObject): unknown {
  if ('Id' in found) {
    const { Id, Name, Driver, Internal, Attachable, Options, Labels, IPAM } = found;
    return { Id, Name, Driver, Internal, Attachable, Options, Labels, IPAM };
  }
  const { ID, Spec } = found;
  // A config's content cannot change under its id.
  const { Data: _, ...rest } = (Spec ?? {}) as NonNullable<SwarmObject['Spec']>;
  return { ID, Spec: rest };
}

/** What is not the same any more, in words; empty where all is. */
export function changesBetween(before: Held['objects'], now: Held['objects']): string[] {
  return [...before].flatMap(([key, was]) => {
    const is = now.get(key);
    if (is === was) return [];
    return [isGone(is) && !isGone(was) ? `${key} is gone` : `${key} was changed`];
  });
}
