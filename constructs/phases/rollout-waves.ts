import { type Application, applicationsOf } from '../catalogue/applications';
import type { Environment } from '../catalogue/environment';
import type { PlatformSpec } from '../catalogue/spec/platform';
import { CERTBOT_SIZE } from '../ingress/tls/acme';
import { type Resources, UpdatePolicy } from '../swarm';
import { type Need, waves } from './waves';

interface Sized {
  readonly limits: Resources;
  readonly reservations?: Resources;
}

/** The applications in groups whose rolls fit together into what the node has free; each group waits for the one before. */
export function rolloutWaves(spec: PlatformSpec, environment: Environment): [string, Application][][] {
  const need = (id: string, part: Sized, tasks: number): Need => {
    const limits = environment.limits(id, part.limits);
    const { cpus, memory } = environment.reservations(id, limits, part.reservations);
    return { cpus: cpus.toNanoCpus() * tasks, memory: memory.toBytes() * tasks };
  };
  const tasksOf = (id: string, written: number) => environment.replicas(id, written);
  const running = [
    ...Object.entries(spec.backends ?? {}).map(([id, backend]) => need(id, backend.spec, 1)),
    ...applicationsOf(spec).map(([id, part]) => need(id, part, tasksOf(id, part.replicas))),
    need('nginx', spec.nginx, tasksOf('nginx', 1)),
    ...(spec.nginx.edge ? [need('edge', spec.nginx.edge, 1)] : []),
    ...(environment.tls.mode === 'letsencrypt'
      ? [need('certbot', { ...CERTBOT_SIZE, ...environment.tls }, 1)]
      : []),
  ];
  const { node } = environment.spec;
  const free = running.reduce(
    (left, part) => ({ cpus: left.cpus - part.cpus, memory: left.memory - part.memory }),
    { cpus: node.cpus.toNanoCpus(), memory: node.memory.toBytes() },
  );
  return waves(
    applicationsOf(spec),
    ([id, part]) => {
      const { order, parallelism } = part.updatePolicy ?? UpdatePolicy.startFirst();
      return need(id, part, order === 'start-first' ? Math.min(parallelism, tasksOf(id, part.replicas)) : 0);
    },
    free,
  );
}
