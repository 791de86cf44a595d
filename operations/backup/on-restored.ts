import { SCRATCH_PORT } from '../../contract/backup';
import type { ServiceSpec, TaskSpec } from '../docker/answers';
import { taskWith } from '../jobs/spec';
import { UsageError } from '../terminal/usage-error';

/** Where the restored databases are. */
export interface Restored {
  /** The backend's id, which is its name for applications. */
  readonly backend: string;
  readonly address: string;
  /** The node's id. */
  readonly node: string;
}

/** Accounts by which a service's URLs log in at a backend. */
export const loginsOf = (spec: ServiceSpec, backend: string): string[] => [
  ...new Set(
    settingsOf(spec).flatMap((text) => {
      const [, user] = new RegExp(`://([^:@/]+)(?::[^@/]*)?@${backend}:\\d+(?:/|$)`).exec(text) ?? [];
      return user === undefined ? [] : [decodeURIComponent(user)];
    }),
  ),
];

/**
 * A service's task on the restored databases: on no network of the platform, so that neither its messages nor its mails nor its
 * files are the platform's; volumes are empty. It waits for no backend.
 */
export function taskOn(spec: ServiceSpec, { backend, address, node }: Restored): TaskSpec {
  const { ContainerSpec } = spec.TaskTemplate;
  const args = ContainerSpec?.Args ?? [];
  const { TaskTemplate } = spec;
  // What it is without a launcher it stays; with one, its own command stands behind it.
  const launched = ContainerSpec?.Command?.at(-1) === '/launch' && args.includes('--');
  const task = launched ? taskWith(args.slice(args.indexOf('--') + 1), spec) : TaskTemplate;
  const container = task.ContainerSpec!;
  const there = (text: string) =>
    text.replace(new RegExp(`@${backend}:\\d+`, 'g'), `@${address}:${SCRATCH_PORT}`);
  return {
    ...task,
    ContainerSpec: {
      ...container,
      ...(container.Args
        ? { Args: container.Args.filter((text) => !text.startsWith('--wait-for=')).map(there) }
        : {}),
      ...(container.Env ? { Env: container.Env.map(there) } : {}),
      Mounts: (container.Mounts ?? []).map((mount) =>
        mount.Type === 'volume'
          ? { Type: 'tmpfs', ...(mount.Target ? { Target: mount.Target } : {}) }
          : mount,
      ),
    },
    Networks: [],
    Placement: { Constraints: [`node.id==${node}`] },
  };
}

/** Whether its health check asks a URL, in which another path can stand. */
export const asksUrl = ({ TaskTemplate: { ContainerSpec } }: ServiceSpec): boolean =>
  (ContainerSpec?.Healthcheck?.Test ?? []).some((word) => URL.test(word));

/**
 * What asks a service in its own container: its health check, and the same with another path in its URL.
 *
 * @throws UsageError where it has none, or none that asks a URL
 */
export function questionsOf(service: string, spec: ServiceSpec, paths: readonly string[]): string[][] {
  const [kind, ...words] = spec.TaskTemplate.ContainerSpec?.Healthcheck?.Test ?? [];
  const health = kind === 'CMD-SHELL' ? ['sh', '-c', ...words] : kind === 'CMD' ? words : [];
  if (health.length === 0) {
    throw new UsageError(
      `${service} has no health check\nname a service with one: nothing else says that it is well`,
    );
  }
  return [
    health,
    ...paths.map((path) => {
      const other = health.map((word) => word.replace(URL, (_, origin: string) => origin + path));
      if (other.every((word, index) => word === health[index]) && !health.some((word) => URL.test(word))) {
        throw new UsageError(
          `${service}: its health check asks no URL, so that ${path} cannot be asked\nleave --path out`,
        );
      }
      return other;
    }),
  ];
}

const URL = /(https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?)\/[^\s'"]*/;

const settingsOf = ({ TaskTemplate: { ContainerSpec } }: ServiceSpec): string[] => [
  ...(ContainerSpec?.Args ?? []),
  ...(ContainerSpec?.Env ?? []),
];
