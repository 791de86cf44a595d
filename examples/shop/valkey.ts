import {
  type Backend,
  Healthcheck,
  type IConstruct,
  type Place,
  type StatefulSpec,
  SwarmConfig,
  SwarmService,
  statefulDefaults,
} from 'proctorwise-swarm';

export interface ValkeySpec<Secret extends string> extends StatefulSpec {
  /** The secret that is its password. */
  readonly password: Secret;
}

const PORT = 6379;
const CONFIG = '/etc/valkey.conf';

/**
 * Valkey with its data in the volume `<platform>_<id>_data`. An application that says
 * `backends: { cache: { database: 3 } }` gets `CACHE_URL`. A changed password restarts it, and it refuses applications
 * that have not rolled yet: unlike MariaDB it has no step that accepts both passwords.
 */
export function valkey<const Secret extends string>(
  spec: ValkeySpec<Secret>,
): Backend<{ readonly database: number }, Secret> {
  return {
    kind: 'Valkey',
    spec,
    uses: [{ name: spec.password, asciiOnly: true }],
    whoWaits: 'sessions',
    declare: (at, after) => declare(at, spec, after),
    grant: (id, { database }) => ({
      urls: [{ name: 'CACHE_URL', template: `redis://:{${spec.password}}@${id}:${PORT}/${database}` }],
      secrets: [spec.password],
    }),
  };
}

function declare(at: Place, spec: ValkeySpec<string>, after: readonly IConstruct[]): SwarmService {
  const { scope, id } = at;
  const file = `/run/secrets/${spec.password}`;
  const config = new SwarmConfig(scope, `${id}_config`, { content: 'dir /data\nappendonly yes\n' });
  return new SwarmService(
    scope,
    id,
    {
      ...statefulDefaults(at, spec),
      port: PORT,
      // The password comes on stdin: as an argument, every process of the container could read it. The image's own
      // entrypoint drops root.
      command: [
        '/bin/sh',
        '-c',
        `exec docker-entrypoint.sh valkey-server - <<.\ninclude ${CONFIG}\nrequirepass "$(sed 's/[\\\\"]/\\\\&/g' ${file})"\n.`,
      ],
      capDrop: ['ALL'],
      // For the entrypoint, which gives the data to user valkey and becomes it.
      capAdd: ['CHOWN', 'DAC_OVERRIDE', 'SETGID', 'SETUID'],
      configs: [{ config, target: CONFIG }],
      secrets: [{ secret: at.secret(spec.password) }],
      mounts: [{ type: 'volume', name: `${id}_data`, target: '/data' }],
      healthcheck:
        spec.healthcheck ??
        Healthcheck.shell(`REDISCLI_AUTH="$(cat ${file})" valkey-cli ping | grep -qx PONG`),
    },
    after,
  );
}
