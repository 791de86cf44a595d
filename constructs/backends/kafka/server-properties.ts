export interface KafkaPropertiesOptions {
  /** @default 'kafka' - the name under which clients reach the broker */
  readonly host?: string;
  /** @default 9092 */
  readonly port?: number;
  /** @default '/var/lib/kafka/data' - the image's own default is under /tmp */
  readonly logDirs?: string;
  /** @default 1 - of topics that are created by their first use; one keeps a topic's events in order */
  readonly partitions?: number;
  /** @default 168 - hours, Kafka's own default */
  readonly retentionHours?: number;
  /** Of each partition, the oldest messages beyond it go, a segment at a time. @default no bound, as Kafka's own */
  readonly retentionBytes?: number;
  /** @default Kafka's own, 1 GiB */
  readonly segmentBytes?: number;
  /** Largest message. @default Kafka's own, 1048588 */
  readonly maxMessageBytes?: number;
}

/**
 * `server.properties` of a single Kafka broker that is its own KRaft controller.
 *
 * apache/kafka copies `/mnt/shared/config/server.properties` over its own when it is there, appends what `KAFKA_*`
 * variables say, formats the data folder unless it is formatted (CLUSTER_ID has a default in the image), and starts.
 * So the file is the whole configuration, and one variable remains: `KAFKA_HEAP_OPTS` (`-Xms512m -Xmx512m`; about half
 * of the memory limit), which is no property and can only be given as a variable.
 *
 * The quorum names the loopback address, not `kafka`: Docker's DNS does not know a service before it is healthy.
 *
 * @throws Error for a host, folder or number that Kafka would refuse
 */
export function kafkaProperties(options: KafkaPropertiesOptions = {}): string {
  const {
    host = 'kafka',
    port = 9092,
    logDirs = '/var/lib/kafka/data',
    partitions = 1,
    retentionHours = 168,
    retentionBytes,
    segmentBytes,
    maxMessageBytes,
  } = options;
  if (!/^[A-Za-z0-9.-]+$/.test(host))
    throw new Error(`host '${host}' is no host name. Use the service's name`);
  if (!/^\/[\w./-]+$/.test(logDirs))
    throw new Error(`logDirs '${logDirs}' is no absolute path. Use the volume's target`);
  const numbers = { port, partitions, retentionHours, retentionBytes, segmentBytes, maxMessageBytes };
  for (const [name, value] of Object.entries(numbers)) {
    if (value === undefined) continue;
    if (!Number.isInteger(value) || value < 1)
      throw new Error(`${name} is ${value}. Use a whole number above 0`);
  }
  if (port === 9093 || port > 65535) throw new Error(`port ${port} is the controller's or none. Use 9092`);
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    // Nobody but the broker itself speaks to its controller, which asks nobody who he is: with more brokers, it must listen
    // on a network of theirs alone, each under its own name.
    'controller.quorum.voters': '1@127.0.0.1:9093',
    listeners: `PLAINTEXT://:${port},CONTROLLER://127.0.0.1:9093`,
    'advertised.listeners': `PLAINTEXT://${host}:${port}`,
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': logDirs,
    'log.retention.hours': retentionHours,
    ...(retentionBytes === undefined
      ? {}
      : {
          'log.retention.bytes': retentionBytes,
          // Kafka's own five minutes let the more in, the faster it comes.
          'log.retention.check.interval.ms': 60_000,
        }),
    ...(segmentBytes === undefined ? {} : { 'log.segment.bytes': segmentBytes }),
    // Its own record of the cluster; what is in the segment that is written is kept, and Kafka's own is 1 GiB.
    'metadata.log.segment.bytes': 64 * 1024 ** 2,
    // A message that the broker takes must fit through what reads it from disk, too.
    ...(maxMessageBytes === undefined
      ? {}
      : { 'message.max.bytes': maxMessageBytes, 'replica.fetch.max.bytes': maxMessageBytes }),
    'num.partitions': partitions,
    'default.replication.factor': 1,
    'min.insync.replicas': 1,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
  };
  return `${Object.entries(properties)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')}\n`;
}
