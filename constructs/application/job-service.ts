import {
  type Construct,
  Healthcheck,
  type IConstruct,
  SwarmConfig,
  type SwarmService,
  UpdatePolicy,
} from '../swarm';
import { Duration } from '../units';
import type { CronTimes } from '../units/schedule/cron';
import { type ApplicationServiceProps, applicationService } from './application-service';

/** What `job.sh` is told, beside what an application has. */
export interface ScheduledJob {
  readonly times: CronTimes;
  /** As POSIX writes it. */
  readonly zone: string;
  readonly timeout: Duration;
  readonly overlap: 'skip' | 'queue';
  readonly retries: number;
  readonly command: readonly string[];
  /** The text of `job.sh`. */
  readonly script: string;
}

const SCRIPT = '/job';
/** In most images everybody may write there, and a volume that is new takes that over. */
const STATE = '/var/tmp';

export type JobServiceProps = Omit<ApplicationServiceProps, 'port' | 'command' | 'replicas' | 'launcher'> & {
  readonly launcher: SwarmConfig;
};

/**
 * A job that waits for its times: one task that never ends by itself, started by the launcher as an application is. It is
 * healthy while it waits or works, whatever its command does.
 */
export function jobService(
  scope: Construct,
  id: string,
  props: JobServiceProps,
  job: ScheduledJob,
  after: readonly IConstruct[],
): SwarmService {
  const { times } = job;
  return applicationService(
    scope,
    id,
    {
      ...props,
      replicas: 1,
      command: [
        ...['/bin/sh', SCRIPT, `NAME=${id}`],
        ...Object.entries(times).map(([field, list]) => `${field.toUpperCase()}=${list}`),
        ...[`ZONE=${job.zone}`, `TIMEOUT=${Math.ceil(job.timeout.toSeconds())}`, `OVERLAP=${job.overlap}`],
        ...[`RETRIES=${job.retries}`, `STATE=${STATE}/job`, '--'],
        ...job.command,
      ],
      configs: [
        {
          config: new SwarmConfig(scope, `${id}_schedule`, { content: job.script }),
          target: SCRIPT,
          mode: 0o555,
        },
      ],
      // Where two ran side by side, each would think the other's run its own.
      updatePolicy: UpdatePolicy.stopFirst({ failureAction: 'rollback' }),
      ownVolumes: [{ name: `${id}_runs`, target: STATE }],
      tmpfs: (props.tmpfs ?? []).filter((target) => target !== STATE),
      healthcheck: Healthcheck.command(['/bin/sh', SCRIPT, '--healthy', `STATE=${STATE}/job`], {
        startPeriod: Duration.seconds(10),
        interval: Duration.seconds(10),
        timeout: Duration.seconds(10),
      }),
      drain: Duration.seconds(0),
      waitForBackends: Duration.seconds(0),
    },
    after,
  );
}
