import type { ServiceSpec, TaskSpec } from '../docker/answers';

/** Where `job.sh` is in a task of its own. */
const SCRIPT = ['/bin/sh', '/job'];
/** What `job.sh` waits at the end of a try before it kills, and a little more. */
const SLACK_SECONDS = 15;

/** A job that waits for its times: its launcher starts `constructs/assets/job.sh`. */
export const isScheduled = (spec: ServiceSpec): boolean => argsOf(spec) !== undefined;

/** The launcher's part, and what `job.sh` is told. */
function argsOf({ TaskTemplate }: ServiceSpec): { launched: string[]; settings: string[] } | undefined {
  const args = TaskTemplate.ContainerSpec?.Args ?? [];
  const at = args.indexOf('--') + 1;
  if (at === 0 || SCRIPT.some((word, index) => args[at + index] !== word)) return undefined;
  const begin = at + SCRIPT.length;
  return { launched: args.slice(0, begin), settings: args.slice(begin) };
}

/**
 * The task of one run, now: on the node of the one that waits, whose volume has the memory of both.
 *
 * @param node its id; undefined where none waits
 */
export function onceNow(spec: ServiceSpec, node: string | undefined): TaskSpec {
  const { launched = [], settings = [] } = argsOf(spec) ?? {};
  const { TaskTemplate } = spec;
  const constraints = [...(TaskTemplate.Placement?.Constraints ?? []), ...(node ? [`node.id==${node}`] : [])];
  return {
    ...TaskTemplate,
    ContainerSpec: { ...TaskTemplate.ContainerSpec!, Args: [...launched, 'ONCE=yes', ...settings] },
    Placement: { ...TaskTemplate.Placement, Constraints: constraints },
  };
}

/** How long one run of it takes at most, with all its tries and the pauses between. */
export function longestOf(spec: ServiceSpec): number {
  const number = (name: string, otherwise: number) =>
    Number(
      argsOf(spec)
        ?.settings.find((word) => word.startsWith(`${name}=`))
        ?.slice(name.length + 1) ?? otherwise,
    );
  const [timeout, retries, pause] = [number('TIMEOUT', 3600), number('RETRIES', 0), number('PAUSE', 30)];
  return (retries + 1) * (timeout + SLACK_SECONDS) + pause * (2 ** retries - 1) + SLACK_SECONDS;
}
