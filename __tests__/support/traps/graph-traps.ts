import type { Json } from '../platform/template';
import { cycleIn, dependencies, reaches } from './graph';
import { list, resources, type Trap } from './trap';

const DOORS = ['nginx', 'edge'];
/** What comes after them: the CA looks for its challenge through the doors. */
const CERTBOT = 'certbot';
const BACKENDS = ['mariadb', 'kafka'];

const gate = (service: string) => `null_resource.${service}_rollout`;
const names = (stack: Json): string[] => resources(stack, 'docker_service').map(([name]) => name);
const applications = (stack: Json) =>
  names(stack).filter((name) => ![...DOORS, CERTBOT, ...BACKENDS].includes(name));

/** Whatever a service mounts: the addresses of its configs and secrets, optional ones, too. */
const mounted = (service: Json): string[] => {
  const { configs, secrets, dynamic } = service.task_spec.container_spec;
  const text = JSON.stringify([list(configs), list(secrets), list(dynamic?.secrets)]);
  return [...new Set(text.match(/docker_(config|secret)\.[\w-]+/g) ?? [])];
};

/** The pairs for which `from` does not come after `to`. */
const disorder = (stack: Json, pairs: [from: string, to: string][]): string[] => {
  const graph = dependencies(stack);
  return pairs.filter(([from, to]) => !reaches(graph, from, to)).map(([from, to]) => `${from} before ${to}`);
};

export const graphTraps: Trap[] = [
  {
    claim: 'every rollout is judged: each service has exactly one gate, which runs when its service changes',
    check: (stack) =>
      names(stack).flatMap((name) => {
        const gates = resources(stack, 'null_resource').filter(
          ([id, { lifecycle }]) =>
            id !== `${name}_data` &&
            lifecycle?.replace_triggered_by?.some((address: string) =>
              address.includes(`docker_service.${name}`),
            ),
        );
        const address = `docker_service.${name}`;
        const sound =
          gates.length === 1 &&
          gates[0]![0] === `${name}_rollout` &&
          JSON.stringify(gates[0]![1].lifecycle.replace_triggered_by) === JSON.stringify([address]) &&
          gates[0]![1].triggers.service === `\${${address}.id}` &&
          list(gates[0]![1].provisioner).length === 1;
        return sound
          ? []
          : [`${name}: ${JSON.stringify(gates.map(([id, { lifecycle }]) => [id, lifecycle]))}`];
      }),
    // cdktf's own spelling, which Terraform refuses.
    break: (stack) =>
      (stack.resource.null_resource.nginx_rollout.lifecycle.replace_triggered_by = [
        '${docker_service.nginx}',
      ]),
  },
  {
    claim:
      'a rollback finds what it needs: the triggers of a gate mention all secrets and configs of its service',
    check: (stack) =>
      resources(stack, 'docker_service').flatMap(([name, service]) => {
        const triggers = JSON.stringify(stack.resource.null_resource[`${name}_rollout`]?.triggers ?? {});
        return mounted(service)
          .filter((address) => !new RegExp(`${address}(?![\\w-])`).test(triggers))
          .map((address) => `the gate of ${name} does not know ${address}`);
      }),
    break: (stack) => (stack.resource.null_resource.nginx_rollout.triggers.secrets = ''),
  },
  {
    claim:
      'nothing old is destroyed before the whole deploy is good: the last gate mentions everything mounted',
    check: (stack) => {
      const last = stack.resource.null_resource.deployed;
      const triggers = JSON.stringify(last?.triggers ?? {});
      const used = new Set(resources(stack, 'docker_service').flatMap(([, service]) => mounted(service)));
      const declared = resources(stack, 'docker_secret')
        .filter(([, { for_each }]) => for_each !== undefined)
        .map(([name]) => `docker_secret.${name}`);
      return [...new Set([...used, ...declared])]
        .filter((address) => !new RegExp(`${address}(?![\\w-])`).test(triggers))
        .map((address) => `deployed does not know ${address}`);
    },
    break: (stack) => (stack.resource.null_resource.deployed.triggers.configs = ''),
  },
  {
    claim: 'the last gate is the last: it depends on every other gate and step',
    check: (stack) =>
      disorder(
        stack,
        Object.keys(stack.resource.null_resource)
          .filter((name) => name !== 'deployed')
          .map((name) => ['null_resource.deployed', `null_resource.${name}`]),
      ),
    break: (stack) => stack.resource.null_resource.deployed.depends_on.pop(),
  },
  {
    claim:
      'no database comes up as a new one where one was: a step looks before a backend is made, and before each change of it',
    check: (stack) =>
      names(stack)
        .filter((name) => BACKENDS.includes(name))
        .flatMap((name) => {
          const { [`${name}_place`]: place, [`${name}_data`]: data } = stack.resource.null_resource;
          const looks = (step: Json, when?: string) =>
            list(step?.provisioner).find(
              ({ 'local-exec': run }) => run.when === when && run.environment.PLACE?.includes('"before"'),
            );
          const again = looks(data, 'destroy')?.['local-exec'];
          const follows =
            JSON.stringify(data?.lifecycle?.replace_triggered_by) === `["docker_service.${name}"]`;
          return [
            ...(looks(place) ? [] : [`${name}_place does not look`]),
            ...(again && follows ? [] : [`${name}_data does not look before each change`]),
            // Terraform refuses what is not of the step itself.
            ...(/\b(docker|null|tls)_\w+\.|\b(var|local)\./.test(again?.environment.PLACE ?? '')
              ? [`${name}_data mentions another object`]
              : []),
            ...disorder(stack, [
              [`docker_service.${name}`, `null_resource.${name}_place`],
              [`null_resource.${name}_data`, gate(name)],
            ]),
          ];
        }),
    break: (stack) => stack.resource.null_resource.mariadb_data.provisioner.pop(),
  },
  {
    claim: 'no application starts before MariaDB and Kafka are good and its account is there',
    check: (stack) =>
      disorder(stack, [
        ['null_resource.mariadb_prepare', gate('mariadb')],
        ...applications(stack).flatMap((name): [string, string][] => [
          [`docker_service.${name}`, gate('mariadb')],
          [`docker_service.${name}`, gate('kafka')],
          [`docker_service.${name}`, 'null_resource.mariadb_prepare'],
        ]),
      ]),
    break: (stack) => (stack.resource.docker_service[applications(stack)[0]!].depends_on = []),
  },
  {
    claim: 'nginx changes after all applications, the edge after nginx, and certbot after both',
    check: (stack) =>
      disorder(stack, [
        ...applications(stack).map((name): [string, string] => ['docker_service.nginx', gate(name)]),
        ...(stack.resource.docker_service.edge
          ? [['docker_service.edge', gate('nginx')] as [string, string]]
          : []),
        ...(stack.resource.docker_service[CERTBOT]
          ? DOORS.filter((door) => stack.resource.docker_service[door]).map((door): [string, string] => [
              `docker_service.${CERTBOT}`,
              gate(door),
            ])
          : []),
        ...(stack.resource.null_resource.tls_check
          ? [['docker_service.nginx', 'null_resource.tls_check'] as [string, string]]
          : []),
      ]),
    break: (stack) => (stack.resource.docker_service.nginx.depends_on = []),
  },
  {
    claim:
      'the old database password is dropped when nobody uses it any more, or is put back to it: after all gates',
    check: (stack) =>
      disorder(stack, [
        ['null_resource.mariadb_finish', 'null_resource.mariadb_prepare'],
        ...names(stack).map((name): [string, string] => ['null_resource.mariadb_finish', gate(name)]),
      ]),
    break: (stack) => {
      const { mariadb_finish: finish } = stack.resource.null_resource;
      finish.depends_on = applications(stack).map(gate);
    },
  },
  {
    claim: 'Terraform can order it all: every reference leads somewhere, and none in a circle',
    check: (stack) => {
      const graph = dependencies(stack);
      const dangling = [...graph].flatMap(([from, targets]) =>
        [...targets].filter((to) => !graph.has(to)).map((to) => `${from} mentions ${to}, which is not there`),
      );
      return [...dangling, ...cycleIn(graph)];
    },
    break: (stack) => (stack.resource.docker_service.mariadb.depends_on = ['null_resource.deployed']),
  },
];
