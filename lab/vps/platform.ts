import { platform } from '../../services.config';
import { LabError } from '../ground/error';
import { eventually } from '../ground/shell';
import { inMachine } from './machine';
import type { MachinePaths } from './machine-paths';
import { ask } from './outside';

const spec: { readonly name?: string } = platform.environments.vps;
export const NAMESPACE = spec.name ?? platform.name;

/** `<service> <running>/<wanted> <health>` of every service, as the machine's Docker says. */
export async function servicesOf(machine: MachinePaths): Promise<string[]> {
  const label = `label=com.docker.stack.namespace=${NAMESPACE}`;
  const script = `docker service ls --filter ${label} --format '{{.Name}} {{.Replicas}}'; echo; docker ps --filter ${label} --format '{{.Label "com.docker.swarm.service.name"}} {{.Status}}'`;
  const [services = '', containers = ''] = (await inMachine(machine, ['sh', '-s'], 60, script)).split('\n\n');
  return services
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [name = '', replicas = ''] = line.split(' ');
      const states = containers.split('\n').filter((one) => one.startsWith(`${name} `));
      const healthy = states.filter((one) => one.includes('(healthy)')).length;
      return `${name.replace(`${NAMESPACE}_`, '')} ${replicas} ${healthy} healthy`;
    });
}

/** All services have all their tasks, and all of these are healthy. */
export const isWhole = (services: readonly string[]): boolean =>
  services.length > 0 &&
  services.every((line) => {
    const [, replicas = '', healthy] = line.split(' ');
    const [running, wanted] = replicas.split('/');
    return wanted !== '0' && running === wanted && healthy === wanted;
  });

/** An emulated machine starts Java and Python slowly, all at once after a reboot. */
const WHOLE_SECONDS = 1200;

/** @returns seconds until every service was whole and every route answered @throws LabError when they do not */
export async function becomesWhole(machine: MachinePaths, seconds = WHOLE_SECONDS): Promise<number> {
  const start = Date.now();
  let seen = 'nothing';
  const whole = await eventually(seconds, async () => {
    try {
      const services = await servicesOf(machine);
      seen = services.join(', ');
      if (!isWhole(services)) return false;
      const routes = await Promise.all(platform.nginx.routes.map(({ path }) => ask(path)));
      seen = routes.map(({ status }, index) => `${platform.nginx.routes[index]?.path} ${status}`).join(', ');
      return routes.every(({ status }) => status === 200);
    } catch (error) {
      seen = (error as Error).message.split('\n')[0] ?? '';
      return false;
    }
  });
  if (whole) return (Date.now() - start) / 1000;
  throw new LabError(
    `after ${seconds} s the platform is not whole: ${seen}`,
    'look there: docker service ps --no-trunc',
  );
}
