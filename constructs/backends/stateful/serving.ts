import { readAsset } from '../../assets/read-asset';
import type { Place } from '../../catalogue/spec/backend';
import { Healthcheck, type HealthcheckOptions, SwarmConfig } from '../../swarm';
import { Duration } from '../../units';

const SCRIPT = '/serving';

/**
 * For how long one probe waits for a server that recovers; after three such, three hours, Swarm starts it again. A log of
 * some GiB takes minutes on a slow disk, and one that is killed on its way begins where it began.
 */
const LONGEST = Duration.hours(1);

/** A probe that tells a server that recovers after a crash from one that is broken; with `servingConfig`. */
export const servingCheck = (
  /** What listens once it serves. */
  port: number,
  command: readonly string[],
  /** What the names of its threads that recover begin with. @default it recovers for as long as the port is not open */
  thread: string | undefined,
  options: HealthcheckOptions,
): Healthcheck =>
  Healthcheck.patient(
    (timeout) => [
      '/bin/sh',
      SCRIPT,
      `--port=${port}`,
      timeout,
      ...(thread === undefined ? [] : [`--recovers=${thread}`]),
      '--',
      ...command,
    ],
    LONGEST,
    options,
  );

/** The config that such a probe runs, as a mount. */
export const servingConfig = ({ scope, id }: Place) => ({
  config: new SwarmConfig(scope, `${id}_health`, { content: readAsset('serving.sh') }),
  target: SCRIPT,
});
