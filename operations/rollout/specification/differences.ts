import type { PlannedObject, PlannedService } from '../../../contract/rollout';
import type { ServiceSpec } from '../../docker/answers';
import { sameImage } from '../../images/same-image';
import { missing } from './missing';
import { normalized } from './normalized';

/** What in a service's specification is not as planned, in words; empty when all is. Values of env are not shown. */
export function differences(planned: PlannedService, spec: ServiceSpec): string[] {
  const container = spec.TaskTemplate.ContainerSpec;
  // What Terraform leaves out, the service then does not have.
  const unsaid = planned.whole ? [] : undefined;
  const { command = unsaid, args = unsaid, env = unsaid } = planned;
  const found: string[] = [];
  const image = container?.Image ?? '';
  if (!sameImage(planned.image, image)) found.push(`image ${image} instead of ${planned.image}`);
  if (command && !sameList(command, container?.Command)) found.push('another command');
  if (args && !sameList(args, container?.Args)) found.push('other args');
  if (env && !sameSet(env, container?.Env)) found.push('another env');
  const replicas = spec.Mode?.Replicated?.Replicas;
  if (typeof planned.replicas === 'number' && planned.replicas !== replicas) {
    found.push(`${replicas ?? 'no'} replicas instead of ${planned.replicas}`);
  }
  found.push(...objects('secret', planned.secrets, container?.Secrets?.map(asSecret)));
  found.push(...objects('config', planned.configs, container?.Configs?.map(asConfig)));
  if (planned.spec) found.push(...missing(planned.spec, normalized(spec)).map((path) => `another ${path}`));
  return found;
}

/**
 * What runs and was not planned, where all is known that was; for example what the older version has and the new one
 * gives up. It tells what Swarm rolled back, and no more: a later engine may write what nobody has seen yet.
 */
export function additions(planned: PlannedService, spec: ServiceSpec): string[] {
  if (!planned.whole) return [];
  const { Image, Command, Args, Env, Secrets, Configs, ...container } = spec.TaskTemplate.ContainerSpec ?? {};
  const TaskTemplate = { ...spec.TaskTemplate, ContainerSpec: container };
  const rest = normalized({ ...spec, TaskTemplate: TaskTemplate as ServiceSpec['TaskTemplate'] });
  return missing(rest, planned.spec ?? {}).map((path) => `${path} that was not planned`);
}

interface Held {
  readonly id: string;
  readonly file: unknown;
}

const asSecret = ({ SecretID, File }: { SecretID: string; File?: unknown }): Held => ({
  id: SecretID,
  file: File,
});
const asConfig = ({ ConfigID, File }: { ConfigID: string; File?: unknown }): Held => ({
  id: ConfigID,
  file: File,
});

function objects(
  kind: 'secret' | 'config',
  planned: readonly PlannedObject[] | null | undefined,
  held: readonly Held[] = [],
): string[] {
  if (!planned) return [];
  if (
    !sameSet(
      planned.map(({ id }) => id),
      held.map(({ id }) => id),
    )
  )
    return [`other ${kind}s`];
  // One object may be there as several files.
  const there = ({ id, file }: PlannedObject) =>
    held.some((one) => one.id === id && (!file || missing(file, one.file).length === 0));
  return planned.every(there) ? [] : [`a ${kind} as another file, or with another mode`];
}

const sameList = (a: readonly string[], b: readonly string[] = []): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index]);

const sameSet = (a: readonly string[], b: readonly string[] = []): boolean =>
  sameList([...a].sort(), [...b].sort());
