import type { Backend, Place, StatefulSpec } from '../../catalogue/spec/backend';
import { type IConstruct, SwarmConfig, SwarmService } from '../../swarm';
import { Duration, type Memory } from '../../units';
import { statefulDefaults } from '../stateful/defaults';
import { servingCheck, servingConfig } from '../stateful/serving';
import { partitionBounds } from './disk';
import { kafkaProperties } from './server-properties';

export interface KafkaSpec extends StatefulSpec {
  /**
   * The JVM's heap, well below the memory limit.
   * @example heap: Memory.mebibytes(512)
   * @change restarts the broker
   */
  readonly heap: Memory;
  /**
   * How long messages are kept.
   * @default 168 hours, Kafka's own
   * @example retention: Duration.hours(72)
   * @change restarts the broker
   */
  readonly retention?: Duration;
  /**
   * What the messages of all topics may take on the disk; the oldest go first, also before `retention` is over. Each
   * partition gets the same share. What is written within some two minutes comes on top, since Kafka looks once a minute,
   * and so do its own records, some 0.3 GiB. Topics that `topics` does not count have a share each, too, beyond this.
   * @default 4 GiB
   * @example disk: Memory.gibibytes(10)
   * @change restarts the broker; messages beyond it are deleted
   */
  readonly disk?: Memory;
  /**
   * The topics that the applications use, among which `disk` is divided. Others are not refused.
   * @default not known: ten are counted
   * @example topics: ['orders', 'payments']
   * @change restarts the broker
   */
  readonly topics?: readonly string[];
  /**
   * What each partition keeps at most, in place of a share of `disk`; the oldest messages go first.
   * @default a share of `disk`
   * @example retentionBytes: 2 ** 30
   * @change restarts the broker
   */
  readonly retentionBytes?: number;
  /**
   * Partitions of topics that are created by their first use; one keeps a topic's messages in order.
   * @default 1
   * @example partitions: 3
   * @change restarts the broker; topics that exist keep theirs
   */
  readonly partitions?: number;
  /**
   * The largest message that the broker takes.
   * @default Kafka's own, 1048588
   * @example maxMessageBytes: 4 * 2 ** 20
   * @change restarts the broker
   */
  readonly maxMessageBytes?: number;
}

const PORT = 9092;
const DATA = '/var/lib/kafka/data';

/**
 * Kafka's own tools start a JVM for each probe, seconds of CPU; the listener opens once the broker serves. After a crash it
 * reads the logs first, with threads of that name, and has no listener till then.
 */
const HEALTHCHECK = servingCheck(PORT, ['bash', '-c', `</dev/tcp/127.0.0.1/${PORT}`], 'log-recovery', {
  startPeriod: Duration.minutes(2),
  interval: Duration.seconds(5),
});

/**
 * One Kafka broker (KRaft, its own controller) with its data in the volume `<platform>_<id>_data`. An application that
 * says `backends: { kafka: true }` gets `KAFKA_BOOTSTRAP_SERVERS`.
 */
export function kafka(spec: KafkaSpec): Backend<true, never> {
  return {
    kind: 'Kafka',
    spec,
    whoWaits: 'producers and consumers',
    declare: (at, after) => declare(at, spec, after),
    grant: (id) => ({
      settings: [{ name: 'KAFKA_BOOTSTRAP_SERVERS', value: `${id}:${PORT}` }],
      waitFor: `kafka://${id}:${PORT}`,
    }),
  };
}

function declare(at: Place, spec: KafkaSpec, after: readonly IConstruct[]): SwarmService {
  const { scope, id } = at;
  const heap = Math.round(spec.heap.toBytes() / 1024 ** 2);
  const properties = new SwarmConfig(scope, `${id}_properties`, {
    content: kafkaProperties(optionsOf(id, spec)),
  });
  return new SwarmService(
    scope,
    id,
    {
      ...statefulDefaults(at, spec),
      port: PORT,
      // Swarm announces a name only once its task is healthy, and a broker must reach itself under its name before.
      hostname: id,
      // The image's user is none that needs one.
      capDrop: ['ALL'],
      environment: { KAFKA_HEAP_OPTS: `-Xms${heap}m -Xmx${heap}m` },
      configs: [
        { config: properties, target: '/mnt/shared/config/server.properties' },
        ...(spec.healthcheck ? [] : [servingConfig(at)]),
      ],
      mounts: [{ type: 'volume', name: `${id}_data`, target: DATA }],
      healthcheck: spec.healthcheck ?? HEALTHCHECK,
    },
    after,
  );
}

const optionsOf = (id: string, spec: KafkaSpec) => ({
  host: id,
  port: PORT,
  logDirs: DATA,
  ...(spec.retention === undefined ? {} : { retentionHours: hours(id, spec.retention) }),
  ...partitionBounds(id, spec),
  ...(spec.partitions === undefined ? {} : { partitions: spec.partitions }),
  ...(spec.maxMessageBytes === undefined ? {} : { maxMessageBytes: spec.maxMessageBytes }),
});

function hours(id: string, retention: Duration): number {
  const count = retention.toSeconds() / 3600;
  if (Number.isInteger(count) && count > 0) return count;
  throw new Error(`${id}: retention is ${retention}\n  give whole hours, for example Duration.hours(72)`);
}
