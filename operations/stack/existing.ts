import type { Service } from '../docker/answers';
import { type DockerClient, withDocker } from '../docker/client';

/** Something in the Swarm, or a volume on its node, that carries a stack's name. */
export interface ExistingObject {
  readonly type: 'docker_network' | 'docker_config' | 'docker_service' | 'docker_secret' | 'docker_volume';
  /** A volume has none but its name. */
  readonly id: string;
  readonly name: string;
}

interface Platform {
  readonly host: string;
  readonly sshOptions: readonly string[];
  readonly namespace: string;
}

/** What of a platform is in the Swarm. @throws when the server cannot be asked */
export function readExisting({ host, sshOptions, namespace }: Platform): Promise<ExistingObject[]> {
  return withDocker({ host, sshOptions }, async (docker) =>
    askExisting(docker, namespace, docker.services()),
  );
}

/** The same for one who has asked for the services already. Volumes are those of the node that answers. */
export async function askExisting(
  docker: Pick<DockerClient, 'networks' | 'configs' | 'secrets' | 'volumes'>,
  namespace: string,
  asked: readonly Service[] | Promise<readonly Service[]>,
): Promise<ExistingObject[]> {
  const [services, networks, configs, secrets, volumes] = await Promise.all([
    asked,
    docker.networks(),
    configsOf(docker, namespace),
    docker.secrets(),
    docker.volumes(),
  ]);
  const ofSwarm = (type: ExistingObject['type'], list: readonly SwarmEntry[]): Labelled[] =>
    list.map(({ ID, Spec }) => ({ type, id: ID, name: Spec?.Name ?? '', labels: Spec?.Labels }));
  const all: Labelled[] = [
    ...networks.map(({ Id, Name, Labels }) => ({
      type: 'docker_network' as const,
      id: Id,
      name: Name,
      labels: Labels,
    })),
    ...ofSwarm('docker_config', configs),
    ...ofSwarm('docker_service', services),
    ...ofSwarm('docker_secret', secrets),
    ...volumes.map(({ Name, Labels }) => ({
      type: 'docker_volume' as const,
      id: Name,
      name: Name,
      labels: Labels,
    })),
  ];
  return all.filter((one) => belongs(one, namespace)).map(({ labels: _, ...object }) => object);
}

/** By name or by label, each once: a list of all would bring the records of releases along, which are large. */
async function configsOf(docker: Pick<DockerClient, 'configs'>, namespace: string): Promise<SwarmEntry[]> {
  const named = await docker.configs({ name: [`${namespace}_`] });
  const labelled = await docker.configs({ label: [`com.docker.stack.namespace=${namespace}`] });
  return [...new Map([...named, ...labelled].map((config) => [config.ID, config])).values()];
}

interface SwarmEntry {
  readonly ID: string;
  readonly Spec?: { readonly Name?: string; readonly Labels?: Labels };
}
type Labels = Readonly<Record<string, string>> | null | undefined;
type Labelled = ExistingObject & { readonly labels: Labels };

/** By its label, and by its name where it has none: Terraform's configs and secrets carry no label. */
function belongs({ name, labels }: Labelled, namespace: string): boolean {
  const label = labels?.['com.docker.stack.namespace'];
  return label === undefined ? name.startsWith(`${namespace}_`) : label === namespace;
}
