import type { Service } from '../docker/answers';
import type { DockerClient } from '../docker/client';
import { readFilesOnHost } from '../docker/on-host';
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

const LISTEN = '0A';
const TABLES = ['/proc/net/tcp', '/proc/net/tcp6', '/proc/net/udp', '/proc/net/udp6'];

/** On which every node of a Swarm listens; Docker lets nobody change it. */
const GOSSIP = 7946;

/**
 * Ports on which something of the server listens, Docker's own included. Whatever the address: a port that is bound to one
 * of them cannot be bound to all.
 *
 * @returns undefined where the login allows no shell, or ends in another network than the engine has (rootless Docker, the
 * lab): Swarm itself does not listen there
 * @throws ConnectionError where the server could not be asked
 */
export async function gatherListeners(
  host: Parameters<typeof readFilesOnHost>[0],
): Promise<Listener[] | undefined> {
  // Without IPv6 two of them are not there.
  const texts = await readFilesOnHost(host, TABLES);
  const all = texts.flatMap((text, index) =>
    parseSockets(text, TABLES[index]!.includes('tcp') ? 'tcp' : 'udp'),
  );
  return all.some(({ port, protocol }) => port === GOSSIP && protocol === 'tcp') ? all : undefined;
}

export interface Listener {
  readonly port: number;
  readonly protocol: string;
}

/** The kernel's table: `0: 00000000:0050 00000000:0000 0A …`, addresses and ports in hex. */
export function parseSockets(text: string, protocol: 'tcp' | 'udp'): Listener[] {
  return text.split('\n').flatMap((line) => {
    const [, port, state] =
      /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2}) /.exec(line) ?? [];
    return port !== undefined && (protocol === 'udp' || state === LISTEN)
      ? [{ port: Number.parseInt(port, 16), protocol }]
      : [];
  });
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
  listeners: readonly Listener[] | undefined,
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
  // Docker knows nothing of it: a program of the server itself.
  const strange = wanted.flatMap((port) => {
    const listens = listeners?.some((one) => one.port === port.published && one.protocol === port.protocol);
    const known = taken.some(
      ({ published, protocol }) => published === port.published && protocol === port.protocol,
    );
    return listens && !known ? [{ ...port, holder: { holder: 'a program of the server itself' } }] : [];
  });
  if (others.length + strange.length > 0) {
    return [...others, ...strange].map(({ id, published, protocol, holder }) =>
      failure(
        'ports',
        `port ${published}/${protocol}, which ${id} publishes, is held by ${holder.holder}`,
        `stop that (on the server: ss -${protocol === 'tcp' ? 'lt' : 'lu'}np 'sport = :${published}'), or give the environment other \`ports\` in services.config.ts`,
      ),
    );
  }
  const list = wanted.map(({ published }) => published).join(', ');
  const leaving = [...new Set(held.map(({ holder }) => holder.service))].join(', ');
  const unless = leaving ? `, or held by ${leaving}, of which the plan says whether it goes` : '';
  // Docker knows its own ports alone.
  const unseen = listeners
    ? ''
    : ', as far as Docker knows: whether a program of the server itself has one could not be seen';
  return wanted.length > 0 ? [ok('ports', `${list} free or already ours${unless}${unseen}`)] : [];
}
