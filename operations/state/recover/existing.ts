import type { SwarmObject } from '../../docker/answers';
import { withDocker } from '../../docker/client';
import type { Importable } from './declared';

export interface ExistingObject {
  readonly type: Importable | 'docker_secret';
  readonly id: string;
  readonly name: string;
}

interface Platform {
  readonly host: string;
  readonly sshOptions: readonly string[];
  readonly namespace: string;
}

/** What of a platform is in the Swarm, by its names: configs carry no label. @throws when the server cannot be asked */
export function readExisting({ host, sshOptions, namespace }: Platform): Promise<ExistingObject[]> {
  return withDocker({ host, sshOptions }, async (docker) => {
    const [networks, configs, services, secrets] = await Promise.all([
      docker.networks(),
      docker.configs(),
      docker.services(),
      docker.secrets(),
    ]);
    return [
      ...networks.map(({ Id, Name }) => ({ type: 'docker_network' as const, id: Id, name: Name })),
      ...named('docker_config', configs),
      ...named('docker_service', services),
      ...named('docker_secret', secrets),
    ].filter(({ name }) => name.startsWith(`${namespace}_`));
  });
}

const named = (type: ExistingObject['type'], list: readonly SwarmObject[]): ExistingObject[] =>
  list.map(({ ID, Spec }) => ({ type, id: ID, name: Spec?.Name ?? '' }));
