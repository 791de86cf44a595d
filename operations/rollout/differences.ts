import type { PlannedService } from '../../contract/rollout';
import type { ServiceSpec } from '../docker/answers';
import { sameImage } from '../images/same-image';

/** What in a service's specification is not as planned, in words; empty when all is. Values of env are not shown. */
export function differences(planned: PlannedService, spec: ServiceSpec): string[] {
  const container = spec.TaskTemplate.ContainerSpec;
  const found: string[] = [];
  const image = container?.Image ?? '';
  if (!sameImage(planned.image, image)) found.push(`image ${image} instead of ${planned.image}`);
  if (planned.command && !sameList(planned.command, container?.Command)) found.push('another command');
  if (planned.args && !sameList(planned.args, container?.Args)) found.push('other args');
  if (planned.env && !sameSet(planned.env, container?.Env)) found.push('another env');
  const replicas = spec.Mode?.Replicated?.Replicas;
  if (typeof planned.replicas === 'number' && planned.replicas !== replicas) {
    found.push(`${replicas ?? 'no'} replicas instead of ${planned.replicas}`);
  }
  const ids = {
    secrets: container?.Secrets?.map((s) => s.SecretID),
    configs: container?.Configs?.map((c) => c.ConfigID),
  };
  for (const kind of ['secrets', 'configs'] as const) {
    const wanted = planned[kind]?.map((object) => object.id);
    if (wanted && !sameSet(wanted, ids[kind])) found.push(`other ${kind}`);
  }
  if (planned.spec) found.push(...missing(planned.spec, spec, '').map((path) => `another ${path}`));
  return found;
}

/** Lists whose order says nothing, and which the provider keeps in an order of its own. */
const SETS = /(^|\.)(Mounts|Ports|Constraints)$/;

/** Paths of `part` that `whole` does not hold. Docker leaves out what is empty or zero. */
export function missing(part: unknown, whole: unknown, path: string): string[] {
  if (isEmpty(part) && isEmpty(whole)) return [];
  if (Array.isArray(part) && Array.isArray(whole) && SETS.test(path)) {
    const held = (item: unknown) => whole.some((other) => missing(item, other, '').length === 0);
    return part.length === whole.length && part.every(held) ? [] : [path];
  }
  if (typeof part !== 'object' || part === null || Array.isArray(part)) {
    return JSON.stringify(part) === JSON.stringify(whole) ? [] : [path];
  }
  return Object.entries(part).flatMap(([key, value]) =>
    missing(value, (whole as Record<string, unknown> | undefined)?.[key], path ? `${path}.${key}` : key),
  );
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === 0 || value === '' || value === false) return true;
  return typeof value === 'object' && Object.values(value).every(isEmpty);
}

const sameList = (a: readonly string[], b: readonly string[] = []): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index]);

const sameSet = (a: readonly string[], b: readonly string[] = []): boolean =>
  sameList([...a].sort(), [...b].sort());
