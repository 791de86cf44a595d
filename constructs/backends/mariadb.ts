import {
  type Construct,
  Healthcheck,
  type IConstruct,
  type SwarmConfig,
  SwarmService,
  type SwarmServiceProps,
} from '../swarm';
import { Duration } from '../units';
import { type StatefulProps, statefulDefaults } from './stateful';

export interface MariadbProps extends StatefulProps {
  /** The config that holds mariadb-init.sql. */
  readonly initFile: SwarmConfig;
}

/** MariaDB with its data in `<platform>_mariadb_data`. It restarts for no password, database or schema. */
export function mariadb(
  scope: Construct,
  props: MariadbProps,
  after: readonly IConstruct[] = [],
): SwarmService {
  const spec: SwarmServiceProps = {
    ...statefulDefaults(props),
    port: 3306,
    args: [
      '--init-file=/etc/mysql/init-file.sql',
      '--character-set-server=utf8mb4',
      '--collation-server=utf8mb4_unicode_ci',
    ],
    // The entrypoint refuses a first start without a word about root's password. This hash can match none, and unlike a
    // random password nothing of it is printed; the init file then opens root's account to the task's own root alone.
    environment: { MARIADB_ROOT_PASSWORD_HASH: 'invalid' },
    configs: [{ config: props.initFile, target: '/etc/mysql/init-file.sql' }],
    mounts: [{ type: 'volume', name: 'mariadb_data', target: '/var/lib/mysql' }],
    // False during the entrypoint's temporary server, which has no network; needs no password and no account of its own.
    healthcheck: Healthcheck.shell(
      "mariadb --protocol=socket -uroot -N -e 'SELECT @@skip_networking' | grep -qx 0",
      { startPeriod: Duration.minutes(2), interval: Duration.seconds(5), timeout: Duration.seconds(5) },
    ),
  };
  return new SwarmService(scope, 'mariadb', spec, after);
}
