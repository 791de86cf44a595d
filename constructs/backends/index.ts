export { type KafkaSpec, kafka } from './kafka/kafka';
export { mariadb } from './mariadb/mariadb';
export type { DatabaseSpec, DatabaseUse, MariadbSpec } from './mariadb/spec';
export { statefulDefaults } from './stateful/defaults';
