import type { Service } from '../docker/answers';
import type { DockerClient } from '../docker/client';
import type { SynthesizedStack } from '../stack/synthesized';
import { type Finding, failure, ok } from '../terminal/finding';

const NAMESPACE = 'com.docker.stack.namespace';

/** A published port and who has it. */
export interface TakenPort {
  readonly published: number;
  readonly protocol: string;
  readonly holder: string;
  /** Name of the Swarm service, where it is one. */
  readonly service?: string;
  /** Its stack, where it has one. */
  readonly namespace?: string;
}

/** @throws what the request throws */
export async function gatherPorts(docker: DockerClient, services: readonly Service[]): Promise<TakenPort[]> {
  const ofServices = services.flatMap(({ Spec }) =>
    (Spec.EndpointSpec?.Ports ?? []).map(({ PublishedPort = 0, Protocol = 'tcp' }) => ({
      published: PublishedPort,
      protocol: Protocol,
      holder: `service ${Spec.Name}`,
      ...(Spec.Name ? { service: Spec.Name } : {}),
      ...stackOf(Spec.Labels),
    })),
  );
  const containers = await docker.containers();
  const ofContainers = containers.flatMap(({ Names, Ports, Labels }) => {
    const service = Labels?.['com.docker.swarm.service.name'];
    return (Ports ?? []).map(({ PublicPort = 0, Type }) => ({
      published: PublicPort,
      protocol: Type,
      holder: `container ${(Names[0] ?? '?').replace(/^\//, '')}`,
      ...(service ? { service } : {}),
      ...stackOf(Labels),
    }));
  });
  return [...ofServices, ...ofContainers].filter(({ published }) => published > 0);
}

const stackOf = (labels: Readonly<Record<string, string>> | undefined) => {
  const namespace = labels?.[NAMESPACE];
  return namespace ? { namespace } : {};
};

/**
 * Published ports are free, or this stack's already. One that a service of this stack has which the catalogue lacks is left
 * to the plan: that alone says whether the service goes and so gives the port up (`heldPorts`).
 */
export function judgePorts(
  taken: readonly TakenPort[],
  { services, namespace }: Pick<SynthesizedStack, 'services' | 'namespace'>,
): Finding[] {
  const own = new Set(services.map(({ name }) => name));
  const wanted = services.flatMap(({ id, ports }) => ports.map((port) => ({ id, ...port })));
  const held = wanted.flatMap((port) => {
    const holders = taken.filter(
      ({ published, protocol, service = '' }) =>
        published === port.published && protocol === port.protocol && !own.has(service),
    );
    const holder = holders.find((one) => one.namespace !== namespace) ?? holders[0];
    return holder ? [{ ...port, holder }] : [];
  });
  const others = held.filter(({ holder }) => holder.namespace !== namespace);
  if (others.length > 0) {
    return others.map(({ id, published, protocol, holder }) =>
      failure(
        'ports',
        `port ${published}/${protocol}, which ${id} publishes, is held by ${holder.holder}`,
        'stop that, or give the environment other `ports` in services.config.ts',
      ),
    );
  }
  const list = wanted.map(({ published }) => published).join(', ');
  const leaving = [...new Set(held.map(({ holder }) => holder.service))].join(', ');
  const unless = leaving ? `, or held by ${leaving}, of which the plan says whether it goes` : '';
  return wanted.length > 0 ? [ok('ports', `${list} free or already ours${unless}`)] : [];
}
