import { NAMESPACE } from '../../../lab/deploy/target';
import { docker } from '../../../lab/engine/docker';
import { eventually } from '../../../lab/ground/shell';
import type { Service, Task } from '../../../operations/docker/answers';
import { isRunning, isWanted } from '../../../operations/docker/snapshot';
import { askEngine } from '../../../proof/platform/engine';
import { containersOf } from '../../../proof/platform/swarm';
import { runningLab } from '../../e2e/support/lab';

/** The lab's engine by its socket, past ssh: what a test knows must not depend on what it breaks. */
export const engine = (...args: string[]): Promise<string> => docker(runningLab().paths, args);

export const service = (name: string): Promise<Service> =>
  askEngine<Service>(runningLab().paths.socket, `/services/${NAMESPACE}_${name}`);

function tasksOf(name: string): Promise<Task[]> {
  const filters = encodeURIComponent(JSON.stringify({ service: [`${NAMESPACE}_${name}`] }));
  return askEngine<Task[]>(runningLab().paths.socket, `/tasks?filters=${filters}`);
}

/** Tasks of a service that run and are to run. */
export const runningTasks = async (name: string): Promise<Task[]> =>
  (await tasksOf(name)).filter((task) => isWanted(task) && isRunning(task));

/** Why tasks of a service ended, in Swarm's words, as far as it remembers them. */
export const endingsOf = async (name: string): Promise<string[]> =>
  (await tasksOf(name)).flatMap(({ Status }) => (Status.Err ? [Status.Err] : []));

/** Tags of the images that a service's tasks run, as `v1, v2`. */
export async function tagsOf(name: string): Promise<string> {
  const tags = (await runningTasks(name)).map(
    (task) => /:([\w.-]+)(@|$)/.exec(task.Spec.ContainerSpec?.Image ?? '')?.[1],
  );
  return tags.sort().join(', ');
}

/** Ids of the containers of a service, or of the platform. */
export const containers = (name?: string): Promise<string[]> => containersOf(runningLab().paths, name);

/** The containers of the platform: id → service. */
export async function serving(): Promise<Map<string, string>> {
  const format = '{{.ID}} {{.Label "com.docker.swarm.service.name"}}';
  const label = `label=com.docker.stack.namespace=${NAMESPACE}`;
  const lines = await engine('ps', '--no-trunc', '--format', format, '--filter', label);
  const entries = lines
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(' ') as [string, string]);
  return new Map(entries.map(([id, name]) => [id, name.slice(NAMESPACE.length + 1)]));
}

export async function volumes(): Promise<string[]> {
  const label = `label=com.docker.stack.namespace=${NAMESPACE}`;
  const names = await engine('volume', 'ls', '--quiet', '--filter', label);
  return names.split('\n').filter(Boolean).sort();
}

/** Runs SQL in MariaDB's task as root. @returns the rows, tabs between columns, no heading */
export async function sql(database: string, statement: string): Promise<string> {
  const [id] = await containers('mariadb');
  if (!id) throw new Error('MariaDB has no container');
  const client = ['mariadb', '--batch', '--skip-column-names', database, '--execute', statement];
  return (await engine('exec', '--user', 'root', id, ...client)).trim();
}

/** Waits until Swarm has begun to update a service. */
export async function updating(name: string, seconds = 180): Promise<void> {
  const begun = async () => (await service(name)).UpdateStatus?.State === 'updating';
  if (!(await eventually(seconds, begun))) throw new Error(`${name} is not updated within ${seconds} s`);
}
