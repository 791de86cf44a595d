import { createHash } from 'node:crypto';
import { ownValue } from '../../lab/deploy/own-secrets';
import { NAMESPACE } from '../../lab/deploy/target';
import { docker } from '../../lab/engine/docker';
import type { LabPaths } from '../../lab/ground/paths';
import type { Bench } from './bench';

const LABEL = `label=com.docker.stack.namespace=${NAMESPACE}`;
const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/** Ids of the containers that run, of one service or of all: the same list means that no task was replaced. */
export async function containersOf(paths: LabPaths, service?: string): Promise<string[]> {
  const filter = service ? `label=com.docker.swarm.service.name=${NAMESPACE}_${service}` : LABEL;
  return lines(await docker(paths, ['ps', '--quiet', '--no-trunc', '--filter', filter])).sort();
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
  return existing.flat().filter((name) => !used.has(name) && !isMadeFrom(name, used));
}

/** One from which services' own are made is mounted by none; its version is called as theirs. */
function isMadeFrom(name: string, used: ReadonlySet<string>): boolean {
  const [, start = '', version = ''] = /^(.*_)([0-9a-f]{10})$/.exec(name) ?? [];
  return start !== '' && [...used].some((one) => one.startsWith(start) && one.endsWith(`_${version}`));
}

/** MariaDB's error for the account of userservice, made from this password, or `in`. It is on standard input alone. */
export async function login(bench: Bench, password: string): Promise<string> {
  const [container = ''] = await containersOf(bench.lab.paths, 'mariadb');
  const own = ownValue('db_password_userservice', { db_password: password })?.value ?? password;
  const script =
    'IFS= read -r password; MYSQL_PWD=$password; export MYSQL_PWD; mariadb --protocol=tcp --host=127.0.0.1 --user=proctorwise_userservice --execute="SELECT 1" 2>&1 || true';
  const said = await bench.docker(['exec', '--interactive', container, 'sh', '-c', script], `${own}\n`);
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
  const containers = await containersOf(bench.lab.paths, service);
  const hashes = await Promise.all(
    containers.map((id) => bench.docker(['exec', id, '/bin/sh', '/launch', 'sh', '-c', script])),
  );
  return containers.filter((_, index) => !hashes[index]!.startsWith(wanted));
}
