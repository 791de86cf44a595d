import type { Service } from '../docker/answers';
import type { DockerClient } from '../docker/client';
import type { SynthesizedStack } from '../stack/synthesized';
import { type Finding, failure, ok } from '../terminal/finding';

/** A published port and who has it. */
export interface TakenPort {
  readonly published: number;
  readonly protocol: string;
  readonly holder: string;
  /** Name of the Swarm service, where it is one. */
  readonly service?: string;
}

/** @throws what the request throws */
export async function gatherPorts(docker: DockerClient, services: readonly Service[]): Promise<TakenPort[]> {
  const ofServices = services.flatMap(({ Spec }) =>
    (Spec.EndpointSpec?.Ports ?? []).map(({ PublishedPort = 0, Protocol = 'tcp' }) => ({
      published: PublishedPort,
      protocol: Protocol,
      holder: `service ${Spec.Name}`,
      ...(Spec.Name ? { service: Spec.Name } : {}),
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
    }));
  });
  return [...ofServices, ...ofContainers].filter(({ published }) => published > 0);
}

/** Published ports are free, or this stack's already. */
export function judgePorts(
  taken: readonly TakenPort[],
  { services }: Pick<SynthesizedStack, 'services'>,
): Finding[] {
  const own = new Set(services.map(({ name }) => name));
  const wanted = services.flatMap(({ id, ports }) => ports.map((port) => ({ id, ...port })));
  const findings = wanted.flatMap(({ id, published, protocol }) => {
    const holder = taken.find(
      (port) => port.published === published && port.protocol === protocol && !own.has(port.service ?? ''),
    );
    return holder
      ? [
          failure(
            'ports',
            `port ${published}/${protocol}, which ${id} publishes, is held by ${holder.holder}`,
            'stop that, or give the environment other `ports` in services.config.ts',
          ),
        ]
      : [];
  });
  if (findings.length > 0) return findings;
  const list = wanted.map(({ published }) => published).join(', ');
  return wanted.length > 0 ? [ok('ports', `${list} free or already ours`)] : [];
}
