import type { ServiceSpec, TaskSpec } from '../../docker/answers';
import { putAside } from '../../docker/volume/put-aside';

/** Words with which Kafka refuses a data folder that another cluster wrote: KRaft's, and the older brokers' own. */
const KAFKA: readonly RegExp[] = [
  /Invalid cluster\.id in: (?<folder>\S+?)\/?meta\.properties\. Expected \S+, but read (?<id>[\w-]+)/,
  /Cluster ?ID \S+ doesn't match stored cluster ?Id (?:Some\()?(?<id>[\w-]+)/i,
  /Invalid cluster\.id/,
];

/** A program that does not start since its volume has the data of another one, from its log; undefined where it is not that. */
export function foreignData(
  log: readonly string[],
  { ContainerSpec }: TaskSpec,
  { Name: service = '', Labels }: Pick<ServiceSpec, 'Name' | 'Labels'>,
): string | undefined {
  const found = KAFKA.map((pattern) => log.map((line) => pattern.exec(line)).find(Boolean)).find(Boolean);
  if (!found) return undefined;
  const { id, folder = '' } = found.groups ?? {};
  const volumes = (ContainerSpec?.Mounts ?? []).filter(({ Type }) => Type === 'volume');
  const holds = ({ Target = '' }: { readonly Target?: string }) => Target !== '' && folder.startsWith(Target);
  const volume = (volumes.find(holds) ?? volumes[0])?.Source;
  const whose = id ? `another Kafka cluster (${id})` : 'another Kafka cluster';
  const has = `has the data of ${whose}, often of a broker with ZooKeeper, and nothing of it was changed`;
  if (!volume) return `its folder ${has}`;
  const prefix = `${Labels?.['com.docker.stack.namespace']}_`;
  const aside = putAside({
    id: service.startsWith(prefix) ? service.slice(prefix.length) : service,
    service,
    volume,
    image: ContainerSpec?.Image ?? '',
    exists: true,
  });
  return [
    `the volume ${volume} ${has}: where its messages are needed, let the old broker serve them first; where not, put it aside, and deploy again:`,
    ...aside,
  ].join('\n');
}
