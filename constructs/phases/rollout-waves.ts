import { type Application, applicationsOf, jobsOf } from '../catalogue/applications';
import type { Environment } from '../catalogue/environment';
import type { PlatformSpec } from '../catalogue/spec/platform';
import { CERTBOT_SIZE } from '../ingress/tls/acme';
import { rollingOf } from '../rules/capacity';
import { type Resources, type SwarmService, UpdatePolicy } from '../swarm';
import { type Amount, baseline, minus, sum, surge, times } from '../units/capacity';
import { WAITING } from './jobs';
import { waves } from './waves';

interface Sized {
  readonly limits: Resources;
  readonly reservations?: Resources;
}

/**
 * The applications in groups whose rolls fit together into what the node has free; each group waits for the one before.
 *
 * @param declared the services that are declared before them: backends and the backup. What comes after them is counted by
 * the catalogue
 */
export function rolloutWaves(
  spec: PlatformSpec,
  environment: Environment,
  declared: readonly SwarmService[],
): [string, Application][][] {
  const amountOf = ({ cpus, memory }: Resources): Amount => ({
    cpus: cpus.toNanoCpus(),
    memory: memory.toBytes(),
  });
  const task = (id: string, part: Sized): Amount => {
    const limits = environment.limits(id, part.limits);
    return amountOf(environment.reservations(id, limits, part.reservations));
  };
  const replicasOf = (id: string, written: number) => environment.replicas(id, written);
  const running = sum([
    baseline(declared.map(rollingOf)),
    ...applicationsOf(spec).map(([id, part]) => times(task(id, part), replicasOf(id, part.replicas))),
    times(task('nginx', spec.nginx), replicasOf('nginx', 1)),
    ...(spec.nginx.edge ? [task('edge', spec.nginx.edge)] : []),
    times(amountOf(WAITING), jobsOf(spec).length),
    ...(environment.tls.mode === 'letsencrypt'
      ? [task('certbot', { ...CERTBOT_SIZE, ...environment.tls })]
      : []),
  ]);
  const { node } = environment.spec;
  return waves(
    applicationsOf(spec),
    ([id, part]) => {
      const { order, parallelism } = part.updatePolicy ?? UpdatePolicy.startFirst();
      const replicas = replicasOf(id, part.replicas);
      return surge([{ task: task(id, part), replicas, startFirst: order === 'start-first', parallelism }]);
    },
    minus({ cpus: node.cpus.toNanoCpus(), memory: node.memory.toBytes() }, running),
  );
}
