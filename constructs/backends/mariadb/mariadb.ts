import { readAsset } from '../../assets/read-asset';
import type { Backend, Place } from '../../catalogue/spec/backend';
import { Healthcheck, type IConstruct, SwarmConfig, SwarmService } from '../../swarm';
import { Duration } from '../../units';
import { statefulDefaults } from '../stateful/defaults';
import { provisioning } from './provision';
import type { DatabaseUse, MariadbSpec } from './spec';

const PORT = 3306;
const INIT_FILE = '/etc/mysql/init-file.sql';

/** Not the health check of a server that still starts: the entrypoint's temporary one has no network. Needs no password. */
const HEALTHCHECK = Healthcheck.shell(
  "mariadb --protocol=socket -uroot -N -e 'SELECT @@skip_networking' | grep -qx 0",
  { startPeriod: Duration.minutes(2), interval: Duration.seconds(5), timeout: Duration.seconds(5) },
);

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
    grant: (id, use) => {
      const { database, as } = typeof use === 'string' ? { database: use, as: 'DATABASE_URL' } : use;
      const template = `mysql+pymysql://${spec.user}:{${spec.password}}@${id}:${PORT}/${database}`;
      return { urls: [{ name: as, template }], secrets: [spec.password], waitFor: `mysql://${id}:${PORT}` };
    },
  };
}

function declare(at: Place, spec: MariadbSpec, after: readonly IConstruct[]): SwarmService {
  const { scope, id } = at;
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
        ...(spec.maxConnections === undefined
          ? []
          : [`--max-connections=${maxConnections(id, spec.maxConnections)}`]),
      ],
      // The entrypoint refuses a first start without a word about root's password. This hash can match none, and unlike a
      // random password nothing of it is printed; the init file then opens root's account to the task's own root alone.
      environment: { MARIADB_ROOT_PASSWORD_HASH: 'invalid' },
      capDrop: ['ALL'],
      // For the entrypoint, which gives the data to user mysql and becomes it; mariadbd then has none. It stays root till
      // there: the health check and provisioning come as root by the socket.
      capAdd: ['CHOWN', 'DAC_OVERRIDE', 'SETGID', 'SETUID'],
      configs: [{ config: init, target: INIT_FILE }],
      mounts: [{ type: 'volume', name: `${id}_data`, target: '/var/lib/mysql' }],
      healthcheck: spec.healthcheck ?? HEALTHCHECK,
    },
    after,
  );
}

/** MariaDB corrects what it does not take, and says so in its log alone. */
function maxConnections(id: string, count: number): number {
  if (Number.isInteger(count) && count >= 10 && count <= 100_000) return count;
  throw new Error(`${id}: maxConnections is ${count}\n  give a whole number from 10 to 100000`);
}
