import type { DockerClient } from '../docker/client';
import { parseDf } from '../preflight/disk';
import { Server } from '../provision/server';
import { findContainer, type TaskApi } from '../provision/task';
import { formatAge, formatSize } from '../terminal/quantities';
import type { ServiceChange } from './changes/model';

const DATA = '/var/lib/mysql';
/** What a server wrote in less says nothing of a day. */
const LEAST_SECONDS = 3600;

const STATUS =
  "SELECT VARIABLE_NAME, VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME IN ('UPTIME', 'INNODB_OS_LOG_WRITTEN');\n";

/**
 * How much disk a binary log that the plan turns on is going to take, by what MariaDB has written since it started: its redo
 * log has all rows, too. By the service's id, in words; nothing of a server that cannot be asked.
 */
export async function logGrowth(
  docker: TaskApi & Pick<DockerClient, 'exec'>,
  namespace: string,
  changes: readonly Pick<ServiceChange, 'service' | 'binaryLog'>[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const { service, binaryLog } of changes) {
    if (binaryLog === undefined) continue;
    const words = await growthOf(docker, `${namespace}_${service}`, binaryLog.keepsSeconds).catch(() => '');
    if (words !== '') found.set(service, words);
  }
  return found;
}

async function growthOf(
  docker: TaskApi & Pick<DockerClient, 'exec'>,
  service: string,
  keepsSeconds: number | undefined,
): Promise<string> {
  const containerId = await findContainer(docker, service, { until: 0 });
  const execute = (command: readonly string[], stdin: string) =>
    docker.exec({ containerId, command, stdin, user: 'root' });
  const status = new Map(
    (await new Server(execute).query(STATUS)).map(([name = '', value]) => [
      name.toUpperCase(),
      Number(value),
    ]),
  );
  const [uptime = 0, written] = [status.get('UPTIME'), status.get('INNODB_OS_LOG_WRITTEN')];
  const free = parseDf((await execute(['df', '-P', '-k', DATA], '')).stdout)?.freeBytes;
  const expected =
    written === undefined || uptime < LEAST_SECONDS || keepsSeconds === undefined
      ? undefined
      : (written / uptime) * keepsSeconds;
  return [
    ...(expected === undefined
      ? []
      : [
          `by what it wrote in the last ${formatAge(uptime * 1000)}, about ${formatSize(expected)} in ${formatAge(keepsSeconds! * 1000)}`,
        ]),
    ...(free === undefined
      ? []
      : [`${formatSize(free)} are free${expected !== undefined && expected > free ? ': NOT ENOUGH' : ''}`]),
  ].join('; ');
}
