import { connect } from '../../docker/connect';
import { explain } from '../../docker/explain';
import { within } from '../../docker/within';
import type { SynthesizedStack } from '../../stack/synthesized';
import type { Importable } from './declared';

export interface ExistingObject {
  readonly type: Importable | 'docker_secret';
  readonly id: string;
  readonly name: string;
}

type Platform = Pick<SynthesizedStack, 'host' | 'sshOptions' | 'namespace'>;

/** What of a platform is in the Swarm, by its names: configs carry no label. @throws when the server cannot be asked */
export async function readExisting({ host, sshOptions, namespace }: Platform): Promise<ExistingObject[]> {
  const connection = connect({ host, sshOptions });
  const { docker } = connection;
  try {
    const [networks, configs, services, secrets] = await within(
      Promise.all([docker.listNetworks(), docker.listConfigs(), docker.listServices(), docker.listSecrets()]),
    );
    const swarm = (type: ExistingObject['type'], list: readonly SwarmObject[]) =>
      list.map(({ ID = '', Spec }) => ({ type, id: ID, name: Spec?.Name ?? '' }));
    return [
      ...networks.map(({ Id, Name }) => ({ type: 'docker_network' as const, id: Id, name: Name })),
      ...swarm('docker_config', configs),
      ...swarm('docker_service', services),
      ...swarm('docker_secret', secrets),
    ].filter(({ name }) => name.startsWith(`${namespace}_`));
  } catch (error) {
    throw explain(error, host) ?? error;
  } finally {
    connection.close();
  }
}

interface SwarmObject {
  readonly ID?: string;
  readonly Spec?: { readonly Name?: string | undefined } | undefined;
}
