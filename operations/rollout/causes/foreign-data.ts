import type { TaskSpec } from '../../docker/answers';

/** Words with which Kafka refuses a data folder that another cluster wrote: KRaft's, and the older brokers' own. */
const KAFKA: readonly RegExp[] = [
  /Invalid cluster\.id in: (?<folder>\S+?)\/?meta\.properties\. Expected \S+, but read (?<id>[\w-]+)/,
  /Cluster ?ID \S+ doesn't match stored cluster ?Id (?:Some\()?(?<id>[\w-]+)/i,
  /Invalid cluster\.id/,
];

/** A program that does not start since its volume has the data of another one, from its log; undefined where it is not that. */
export function foreignData(log: readonly string[], { ContainerSpec }: TaskSpec): string | undefined {
  const found = KAFKA.map((pattern) => log.map((line) => pattern.exec(line)).find(Boolean)).find(Boolean);
  if (!found) return undefined;
  const { id, folder = '' } = found.groups ?? {};
  const volumes = (ContainerSpec?.Mounts ?? []).filter(({ Type }) => Type === 'volume');
  const holds = ({ Target = '' }: { readonly Target?: string }) => Target !== '' && folder.startsWith(Target);
  const volume = (volumes.find(holds) ?? volumes[0])?.Source;
  const name = volume ? `the volume ${volume}` : 'its volume';
  const whose = id ? `another Kafka cluster (${id})` : 'another Kafka cluster';
  return (
    `${name} has the data of ${whose}, often of a broker with ZooKeeper, and nothing of it was changed: ` +
    'where its messages are needed, let the old broker serve them first; where not, keep a copy, scale this service to 0, ' +
    `take the volume away (docker volume rm ${volume ?? '<volume>'}; ./proctor data forget <service>), and deploy again`
  );
}
