import { readAsset } from '../../assets/read-asset';
import type { Backend, Place } from '../../catalogue/spec/backend';
import { type IConstruct, SwarmConfig, SwarmService } from '../../swarm';
import { Duration } from '../../units';
import { statefulDefaults } from '../stateful/defaults';
import { servingCheck, servingConfig } from '../stateful/serving';
import { accountName, purposeOf } from './accounts';
import { backupOf, binaryLog, PORT } from './backup';
import { connectionLimits } from './connections';
import { checkNames } from './names';
import { provisioning } from './provision';
import { type DatabaseUse, type MariadbSpec, usedBy } from './spec';

const INIT_FILE = '/etc/mysql/init-file.sql';
const DATA = '/var/lib/mysql';
/** Its socket, and what the entrypoint's shell keeps for a moment: both are open to everybody in the image. */
const IN_MEMORY = ['/run/mysqld', '/tmp'];

/**
 * Needs no password. The entrypoint's temporary server has no network. One that is full is alive, and to restart it would
 * end what its connections do.
 */
const ALIVE = `said=$(mariadb --protocol=socket -uroot -N -e 'SELECT @@skip_networking' 2>&1)
printf '%s\\n' "$said"
printf '%s\\n' "$said" | grep -Eqx '0|ERROR .*1040 .*'`;

/** During recovery mariadbd has no socket and no port. */
const HEALTHCHECK = servingCheck(PORT, ['sh', '-c', ALIVE], undefined, {
  startPeriod: Duration.minutes(2),
  interval: Duration.seconds(5),
  timeout: Duration.seconds(5),
});

/**
 * MariaDB with its data in the volume `<platform>_<id>_data`. It restarts for no password, database or schema.
 * An application names its database: `backends: { mariadb: 'shop_orders' }`.
 */
export function mariadb<const Database extends string, const Secret extends string>(
  spec: MariadbSpec<Database, Secret>,
): Backend<DatabaseUse<Database>, Secret> {
  return {
    kind: 'MariaDB',
    spec,
    uses: [{ name: spec.password, asciiOnly: true, provisioned: true }],
    whoWaits: 'writers',
    declare: (at, after) => declare(at, spec, after),
    provision: (at, service) => provisioning(at, service, spec),
    backup: (id) => backupOf(id, spec),
    grant: (id, use, application) => {
      const { database, as = 'DATABASE_URL' } = usedBy(use);
      const own = spec.accounts === 'per-service';
      const user = own ? accountName(id, spec.user, application) : spec.user;
      const template = `mysql+pymysql://${user}:{${spec.password}}@${id}:${PORT}/${database}`;
      return {
        urls: [{ name: as, template }],
        ...(own
          ? { ownSecrets: [{ from: spec.password, application, purpose: purposeOf(id, application) }] }
          : { secrets: [spec.password] }),
        waitFor: `mysql://${id}:${PORT}`,
      };
    },
  };
}

function declare(at: Place, spec: MariadbSpec, after: readonly IConstruct[]): SwarmService {
  const { scope, id } = at;
  checkNames(id, spec);
  const connections = connectionLimits(at, spec);
  const init = new SwarmConfig(scope, `${id}_init`, { content: readAsset('mariadb-init.sql') });
  return new SwarmService(
    scope,
    id,
    {
      ...statefulDefaults(at, spec),
      port: PORT,
      args: [
        `--init-file=${INIT_FILE}`,
        '--character-set-server=utf8mb4',
        '--collation-server=utf8mb4_unicode_ci',
        `--max-connections=${connections.max}`,
        `--max-user-connections=${connections.maxOfOneUser}`,
        // LOAD DATA LOCAL lets a server read files of its clients.
        '--local-infile=OFF',
        // Sorts and temporary tables may be larger than its memory: they go to the disk that has the data. What a crash leaves
        // of them is removed at the next start.
        `--tmpdir=${DATA}`,
        ...binaryLog(at, spec),
      ],
      // The entrypoint refuses a first start without a word about root's password. This hash can match none, and unlike a
      // random password nothing of it is printed; the init file then opens root's account to the task's own root alone.
      environment: { MARIADB_ROOT_PASSWORD_HASH: 'invalid' },
      capDrop: ['ALL'],
      // For the entrypoint, which gives the data to user mysql and becomes it; mariadbd then has none. It stays root till
      // there: the health check and provisioning come as root by the socket.
      capAdd: ['CHOWN', 'DAC_OVERRIDE', 'SETGID', 'SETUID'],
      configs: [{ config: init, target: INIT_FILE }, ...(spec.healthcheck ? [] : [servingConfig(at)])],
      ...(spec.readOnlyRoot === false ? {} : { readOnlyRoot: true }),
      mounts: [
        { type: 'volume', name: `${id}_data`, target: DATA },
        ...IN_MEMORY.map((target) => ({ type: 'tmpfs' as const, target })),
      ],
      healthcheck: spec.healthcheck ?? HEALTHCHECK,
    },
    after,
  );
}
