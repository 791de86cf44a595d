import {
  type Construct,
  Healthcheck,
  type OverlayNetwork,
  type Resources,
  type SwarmConfig,
  SwarmService,
  UpdatePolicy,
} from '../swarm';
import { Duration, type ImageRef } from '../units';

export interface StatefulProps {
  readonly image: ImageRef;
  readonly limits: Resources;
  readonly reservations: Resources;
  readonly network: OverlayNetwork;
  readonly placement?: string | undefined;
  readonly stopGracePeriod?: Duration | undefined;
  readonly updatePolicy?: UpdatePolicy | undefined;
  readonly acknowledge?: Readonly<Partial<Record<string, string>>> | undefined;
}

/** What all stateful services share: one task, stop-first, pause on failure, on the node that has the volume. */
export const statefulDefaults = (props: StatefulProps) => ({
  image: props.image,
  limits: props.limits,
  reservations: props.reservations,
  network: props.network,
  stateful: true,
  replicas: 1,
  updatePolicy: props.updatePolicy ?? UpdatePolicy.stopFirst(),
  // Swarm starts the next task after 60 s whether or not this one is gone: below that, two never run at once.
  stopGracePeriod: props.stopGracePeriod ?? Duration.seconds(55),
  constraints: [props.placement ?? 'node.role==manager'],
  acknowledge: props.acknowledge ?? {},
});

export interface MariadbProps extends StatefulProps {
  /** The config that holds mariadb-init.sql. */
  readonly initFile: SwarmConfig;
}

/** MariaDB with its data in `<platform>_mariadb_data`. It restarts for no password, database or schema. */
export function mariadb(scope: Construct, props: MariadbProps): SwarmService {
  return new SwarmService(scope, 'mariadb', {
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
  });
}
