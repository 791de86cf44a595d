import {
  type Construct,
  Healthcheck,
  type IConstruct,
  type SwarmConfig,
  SwarmService,
  type SwarmServiceProps,
} from '../swarm';
import { Duration, type Memory } from '../units';
import { type StatefulProps, statefulDefaults } from './stateful';

export interface KafkaProps extends StatefulProps {
  /** The config that holds server.properties. */
  readonly properties: SwarmConfig;
  readonly heap: Memory;
}

/** One Kafka broker (KRaft, its own controller) with its data in `<platform>_kafka_data`; clients use `kafka:9092`. */
export function kafka(scope: Construct, props: KafkaProps, after: readonly IConstruct[] = []): SwarmService {
  const heap = Math.round(props.heap.toBytes() / 1024 ** 2);
  const spec: SwarmServiceProps = {
    ...statefulDefaults(props),
    port: 9092,
    // Swarm announces a name only once its task is healthy, and a broker must reach itself under its name before.
    hostname: 'kafka',
    environment: { KAFKA_HEAP_OPTS: `-Xms${heap}m -Xmx${heap}m` },
    configs: [{ config: props.properties, target: '/mnt/shared/config/server.properties' }],
    mounts: [{ type: 'volume', name: 'kafka_data', target: '/var/lib/kafka/data' }],
    // Kafka's own tools start a JVM for each probe, seconds of CPU; the listener opens once the broker serves.
    healthcheck: Healthcheck.command(['bash', '-c', '</dev/tcp/127.0.0.1/9092'], {
      startPeriod: Duration.minutes(2),
      interval: Duration.seconds(5),
    }),
  };
  return new SwarmService(scope, 'kafka', spec, after);
}
