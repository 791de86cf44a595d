import { createHash } from 'node:crypto';
import { NAMESPACE } from '../../lab/deploy/target';
import type { Bench } from './bench';

const LABEL = `label=com.docker.stack.namespace=${NAMESPACE}`;
const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/** Ids of a service's containers that run: the same list means that no task was replaced. */
export async function containersOf(bench: Bench, service: string): Promise<string[]> {
  const filter = `label=com.docker.swarm.service.name=${NAMESPACE}_${service}`;
  return lines(await bench.docker(['ps', '--quiet', '--no-trunc', '--filter', filter])).sort();
}

/** Secrets and configs of the platform that no service uses. */
export async function objectsLeft(bench: Bench): Promise<string[]> {
  const services = lines(await bench.docker(['service', 'ls', '--quiet', '--filter', LABEL]));
  const format =
    '{{range .Spec.TaskTemplate.ContainerSpec.Secrets}}{{.SecretName}}\n{{end}}{{range .Spec.TaskTemplate.ContainerSpec.Configs}}{{.ConfigName}}\n{{end}}';
  const used = new Set(lines(await bench.docker(['service', 'inspect', '--format', format, ...services])));
  const existing = await Promise.all(
    // By name, since the provider gives configs no label.
    ['secret', 'config'].map(async (kind) =>
      lines(await bench.docker([kind, 'ls', '--filter', `name=${NAMESPACE}_`, '--format', '{{.Name}}'])),
    ),
  );
  return existing.flat().filter((name) => !used.has(name));
}

/** MariaDB's error for this password of the applications' account, or `in`. The password is on standard input alone. */
export async function login(bench: Bench, password: string): Promise<string> {
  const [container = ''] = await containersOf(bench, 'mariadb');
  const script =
    'IFS= read -r password; MYSQL_PWD=$password; export MYSQL_PWD; mariadb --protocol=tcp --host=127.0.0.1 --user=proctorwise --execute="SELECT 1" 2>&1 || true';
  const said = await bench.docker(['exec', '--interactive', container, 'sh', '-c', script], `${password}\n`);
  return /ERROR \d+/.exec(said)?.[0] ?? 'in';
}

/** Tasks of a service whose command does not have this value in this variable. The value itself is not shown. */
export async function tasksWithout(
  bench: Bench,
  service: string,
  variable: string,
  value: string,
): Promise<string[]> {
  const wanted = createHash('sha256').update(value).digest('hex');
  const script = `printf %s "$${variable}" | sha256sum`;
  const containers = await containersOf(bench, service);
  const hashes = await Promise.all(
    containers.map((id) => bench.docker(['exec', id, '/bin/sh', '/launch', 'sh', '-c', script])),
  );
  return containers.filter((_, index) => !hashes[index]!.startsWith(wanted));
}
