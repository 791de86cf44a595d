import { JOB_LABEL, JOB_OF_LABEL, JOB_UNTIL_LABEL } from '../../contract/job';
import type { ServiceSpec, TaskSpec } from '../docker/answers';

const NAMESPACE = 'com.docker.stack.namespace';
/** Docker's limit for the name of a service. */
const LONGEST_NAME = 63;
/**
 * With `none` Swarm does not count a task that failed, and makes another one when it next looks at the job, such as under a
 * new leader. With a delay the other one is made at once and waits, longer than any job is there.
 */
const YEAR_NS = 365 * 86_400 * 1e9;
/** What a job may need besides its time-out: an image that is pulled, and a task that is slow to stop. */
export const SLACK_SECONDS = 1800;

// biome-ignore lint/suspicious/noExplicitAny: a specification is given back to the engine as the engine wrote it
type Json = any;

/** What runs once. */
export interface Job {
  /** What for, in one word that people know: `migrate`, `run`. */
  readonly kind: string;
  /** Behind the service's name; two jobs with one name do not run at the same time. */
  readonly suffix: string;
  /** The full name of the service that it is made from, or stands beside. */
  readonly of: string;
  /** The stack that it belongs to. */
  readonly namespace: string;
  /** Image, settings, secrets, networks and the rest of its task, in Docker's words. */
  readonly template: TaskSpec;
  /** From when its command runs. */
  readonly timeoutSeconds: number;
  /** It takes no place of one with its name that is at work. @default it does */
  readonly alone?: boolean;
}

/**
 * A service in Docker's words that runs one task to its end. Nobody finds it: it has a name and addresses of its own, and
 * publishes nothing. It reserves nothing, so that it also starts where the node is full; its limits hold.
 *
 * @param now in milliseconds since 1970, by the server's clock
 */
export function jobSpec(job: Job, now: number): ServiceSpec {
  const { ForceUpdate: _, Resources, Placement, Networks, ...template } = job.template as Json;
  const { Platforms, Constraints } = Placement ?? {};
  const labels = {
    [NAMESPACE]: job.namespace,
    [JOB_LABEL]: job.kind,
    [JOB_OF_LABEL]: job.of,
    [JOB_UNTIL_LABEL]: String(Math.ceil(now / 1000) + job.timeoutSeconds + SLACK_SECONDS),
  };
  return {
    Name: jobName(job),
    Labels: labels,
    TaskTemplate: {
      ...template,
      ContainerSpec: {
        ...template.ContainerSpec,
        Labels: { [NAMESPACE]: job.namespace, [JOB_LABEL]: job.kind, [JOB_OF_LABEL]: job.of },
        // It says by its end whether it was well.
        Healthcheck: { Test: ['NONE'] },
      },
      Resources: { ...(Resources?.Limits ? { Limits: Resources.Limits } : {}) },
      RestartPolicy: { Condition: 'on-failure', Delay: YEAR_NS },
      Placement: { ...(Constraints ? { Constraints } : {}), ...(Platforms ? { Platforms } : {}) },
      Networks: (Networks ?? []).map(({ Target }: Json) => ({ Target })),
    },
    Mode: { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 1 } },
  };
}

export const jobName = ({ of, suffix }: Pick<Job, 'of' | 'suffix'>): string =>
  `${of.slice(0, LONGEST_NAME - suffix.length - 1)}-${suffix}`;

/** A service's task with another command; what the launcher sets is set for it, too. */
export function taskWith(command: readonly string[], { TaskTemplate, UpdateConfig }: ServiceSpec): TaskSpec {
  const container = TaskTemplate.ContainerSpec;
  if (!container) return TaskTemplate;
  const { Args: _, Command: __, Mounts, ...rest } = container;
  // Two tasks must not write the data of one.
  const alone = UpdateConfig?.Order !== 'start-first';
  const mounts = (Mounts ?? []).filter((mount) => !(alone && isOwnVolume(mount)));
  return {
    ...TaskTemplate,
    ContainerSpec: { ...rest, ...commandOf(container, command), Mounts: mounts },
  };
}

const isOwnVolume = (mount: Json): boolean => mount.Type === 'volume' && !mount.ReadOnly;

/** Where a job of a service that stops first leaves volumes out: their targets. */
export const leftOut = ({ TaskTemplate, UpdateConfig }: ServiceSpec): string[] =>
  UpdateConfig?.Order === 'start-first'
    ? []
    : (TaskTemplate.ContainerSpec?.Mounts ?? []).filter(isOwnVolume).map(({ Target }) => Target ?? '');

/**
 * With the launcher the command stands behind `--`, and runs with the settings before that; it neither drains, for nobody
 * asks it anything, nor is it sent the signal of the service's own program. Without one the command is the whole.
 */
export function commandOf(
  { Command = [], Args = [] }: Pick<NonNullable<TaskSpec['ContainerSpec']>, 'Command' | 'Args'>,
  command: readonly string[],
): { readonly Command: readonly string[]; readonly Args?: readonly string[] } {
  const end = Args.indexOf('--');
  if (Command.at(-1) !== '/launch' || end < 0) return { Command: command };
  const settings = Args.slice(0, end).filter((argument) => !/^--(drain|signal)=/.test(argument));
  return { Command, Args: [...settings, '--', ...command] };
}
