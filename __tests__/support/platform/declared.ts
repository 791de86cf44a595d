import { list } from '../traps/trap';
import type { Json } from './template';

/** What a service is, whichever way it is declared: units are bytes, nano-cores and Docker's words. */
export type Declared = Record<string, unknown>;

const sorted = (items: Json[]) => items.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));

/** The address in `${docker_secret.x[…].name}`, without which the two forms could not say the same. */
const idIn = (expression: string) => /docker_(?:secret|network)\.([\w-]+)/.exec(expression)?.[1];

/** Terraform's text as the task gets it, a variable as `<name>`. */
const fromTerraform = (text: string) =>
  text.replace(/\$\$\{|%%\{|\$\{var\.(\w+)\}/g, (found, name) => (name ? `<${name}>` : found.slice(1)));

/** Compose's text as the task gets it, likewise. */
const fromCompose = (text: string) =>
  text.replace(/\$\$|\$\{TF_VAR_(\w+):[-?][^}]*\}/g, (_, name) => (name ? `<${name}>` : '$'));

const update = (from: Json) => ({ ...from, max_failure_ratio: Number(from.max_failure_ratio) });

export function declaredInTerraform(stack: Json, name: string, optional: boolean): Declared {
  const service = stack.resource.docker_service[name];
  const { task_spec: task, endpoint_spec: endpoint } = service;
  const container = task.container_spec;
  const dynamic = optional ? list(container.dynamic?.secrets).map(({ content }) => content) : [];
  const sizes = (part: Json) => ({ cpus: part.nano_cpus, memory: part.memory_bytes });
  return {
    image: container.image,
    command: container.command?.map(fromTerraform),
    args: container.args?.map(fromTerraform),
    env: container.env,
    hostname: container.hostname,
    mounts: sorted(
      list(container.mounts).map(({ type, source, target, read_only = false }) => ({
        type,
        source,
        target,
        read_only,
      })),
    ),
    configs: sorted(
      list(container.configs).map((file) => ({
        name: file.config_name,
        target: file.file_name,
        mode: file.file_mode,
        uid: file.file_uid,
        gid: file.file_gid,
      })),
    ),
    secrets: sorted(
      [...list(container.secrets), ...dynamic].map((file) => ({
        id: idIn(file.secret_name),
        target: file.file_name,
        mode: file.file_mode,
        uid: file.file_uid,
        gid: file.file_gid,
      })),
    ),
    healthcheck: { ...container.healthcheck, test: container.healthcheck.test.map(fromTerraform) },
    stop_signal: container.stop_signal,
    stop_grace_period: container.stop_grace_period,
    limits: sizes(task.resources.limits),
    reservations: sizes(task.resources.reservation),
    replicas: service.mode.replicated.replicas,
    update_config: update(service.update_config),
    rollback_config: update(service.rollback_config),
    restart_policy: task.restart_policy,
    logging: { driver: task.log_driver.name, options: task.log_driver.options },
    ports: list(endpoint.ports).map((port) => ({
      target: port.target_port,
      published: port.published_port,
      protocol: port.protocol,
      mode: port.publish_mode,
    })),
    endpoint_mode: endpoint.mode,
    constraints: task.placement?.constraints ?? [],
    networks: list(task.networks_advanced).map(({ name: network, aliases }) => ({
      name: stack.resource.docker_network[idIn(network)!].name,
      aliases,
    })),
  };
}

export function declaredInCompose(document: Json, namespace: string, name: string): Declared {
  const service = document.services[name];
  const { deploy } = service;
  const sizes = ({ cpus, memory }: Json) => ({
    cpus: Math.round(Number(cpus) * 1e9),
    memory: Number(memory.replace(/M$/, '')) * 1024 ** 2,
  });
  return {
    image: service.image,
    command: service.entrypoint?.map(fromCompose),
    args: service.command?.map(fromCompose),
    env: service.environment,
    hostname: service.hostname,
    mounts: sorted(
      list(service.volumes).map(({ type, source, target, read_only = false }) => ({
        type,
        source: type === 'volume' ? `${namespace}_${source}` : source,
        target,
        read_only,
      })),
    ),
    configs: sorted(
      list(service.configs).map(({ source, ...file }) => ({ name: document.configs[source].name, ...file })),
    ),
    secrets: sorted(list(service.secrets).map(({ source, ...file }) => ({ id: source, ...file }))),
    healthcheck: { ...service.healthcheck, test: service.healthcheck.test.map(fromCompose) },
    stop_signal: service.stop_signal,
    stop_grace_period: service.stop_grace_period,
    limits: sizes(deploy.resources.limits),
    reservations: sizes(deploy.resources.reservations),
    replicas: deploy.replicas,
    update_config: update(deploy.update_config),
    rollback_config: update(deploy.rollback_config),
    restart_policy: deploy.restart_policy,
    logging: service.logging,
    ports: list(service.ports),
    endpoint_mode: deploy.endpoint_mode,
    constraints: deploy.placement?.constraints ?? [],
    networks: Object.entries<Json>(service.networks).map(([network, { aliases }]) => ({
      name: `${namespace}_${network}`,
      aliases,
    })),
  };
}
