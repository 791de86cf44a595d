import type { Json } from '../platform/template';
import { first, list, resources, type Trap } from './trap';

/** A check of each service alone: `find` yields what is wrong with it. */
const each =
  (find: (service: Json, container: Json, stack: Json) => Iterable<string>): Trap['check'] =>
  (stack) =>
    resources(stack, 'docker_service').flatMap(([name, service]) =>
      [...find(service, service.task_spec.container_spec, stack)].map((fault) => `${name}: ${fault}`),
    );

const service = (stack: Json): Json => first(stack, 'docker_service');
const container = (stack: Json): Json => service(stack).task_spec.container_spec;
const NAMESPACE = 'com.docker.stack.namespace';

export const serviceTraps: Trap[] = [
  {
    claim: 'a rollout that is being rolled back is never reported as a success: no converge_config',
    check: each(function* (one) {
      if ('converge_config' in one) yield 'has converge_config';
    }),
    break: (stack) => (service(stack).converge_config = { delay: '7s', timeout: '3m' }),
  },
  {
    claim: 'scaling restarts no task: env has at most one entry, which cannot be shuffled',
    check: each(function* (_, { env }) {
      if (Object.keys(env ?? {}).length > 1) yield `env has ${Object.keys(env).join(', ')}`;
    }),
    break: (stack) => (container(stack).env = { A: '1', B: '2' }),
  },
  {
    claim: 'no deploy replaces a service for its labels: the namespace alone, on service and container',
    check: each(function* (one, { labels }, stack) {
      const [{ value }] = first(stack, 'docker_network').labels;
      const expected = JSON.stringify([{ label: NAMESPACE, value }]);
      for (const [where, found] of Object.entries({ service: one.labels, container: labels })) {
        if (JSON.stringify(found) !== expected) yield `labels of the ${where}: ${JSON.stringify(found)}`;
      }
    }),
    break: (stack) => container(stack).labels.push({ label: 'com.docker.stack.image', value: 'web:1' }),
  },
  {
    claim: 'a label that somebody adds replaces no service: both places are ignored',
    check: each(function* ({ lifecycle }) {
      for (const place of ['labels', 'task_spec[0].container_spec[0].labels']) {
        if (!lifecycle?.ignore_changes?.includes(place)) yield `${place} is not ignored`;
      }
    }),
    break: (stack) => (service(stack).lifecycle.ignore_changes = ['labels']),
  },
  {
    claim: 'a second plan is empty: restart_policy has window and delay',
    check: each(function* ({ task_spec: { restart_policy } }) {
      for (const field of ['window', 'delay']) {
        if (!restart_policy?.[field]) yield `restart_policy without ${field}`;
      }
    }),
    break: (stack) => delete service(stack).task_spec.restart_policy.window,
  },
  {
    claim: 'a second plan is empty: max_failure_ratio is written with its decimal, monitor is written',
    check: each(function* (one) {
      for (const name of ['update_config', 'rollback_config']) {
        const { max_failure_ratio: ratio, monitor } = one[name] ?? {};
        if (typeof ratio !== 'string' || !/^(0|1)\.\d+$/.test(ratio)) yield `${name} has the ratio ${ratio}`;
        if (!monitor) yield `${name} has no monitor`;
      }
    }),
    break: (stack) => (service(stack).rollback_config.max_failure_ratio = '0'),
  },
  {
    claim: 'no task is killed at once: stop_grace_period is written, and more than nothing',
    check: each(function* (_, { stop_grace_period: grace }) {
      if (!grace || grace === '0s') yield `stop_grace_period is ${grace}`;
    }),
    break: (stack) => delete container(stack).stop_grace_period,
  },
  {
    claim: 'a new registry token replaces no service: no auth on a service, in the provider alone',
    check: (stack) => [
      ...each(function* (one) {
        if ('auth' in one) yield 'has auth';
      })(stack),
      ...list(stack.provider.docker[0].dynamic?.registry_auth).flatMap(
        ({ content: { address, username, password } }) =>
          [username, password].every((value) => {
            const name = /^\$\{var\.(\w+)\}$/.exec(value)?.[1];
            return name !== undefined && stack.variable[name]?.sensitive === true;
          })
            ? []
            : [`the login of ${address} is not in sensitive variables`],
      ),
    ],
    break: (stack) => (service(stack).auth = { server_address: 'ghcr.io' }),
  },
  {
    claim: 'the provider does not panic: no tmpfs_options',
    check: each(function* (_, { mounts }) {
      for (const mount of list(mounts))
        if ('tmpfs_options' in mount) yield `${mount.target} has tmpfs_options`;
    }),
    break: (stack) =>
      list(container(stack).mounts).push({ target: '/tmp', type: 'tmpfs', tmpfs_options: {} }),
  },
  {
    claim: 'the engine knows every capability: none is written with CAP_',
    check: each(function* (_, { cap_drop = [], cap_add = [] }) {
      for (const name of [...cap_drop, ...cap_add]) if (/^CAP_/i.test(name)) yield name;
    }),
    break: (stack) => (container(stack).cap_drop = ['CAP_ALL']),
  },
  {
    claim:
      'files have the mode that is meant: file_mode is a whole number of at most 0o777, not octal digits',
    check: each(function* (_, { configs, secrets, dynamic }) {
      const optional = list(dynamic?.secrets).map(({ content }) => content);
      for (const file of [...list(configs), ...list(secrets), ...optional]) {
        const mode = file.file_mode;
        if (!Number.isInteger(mode) || ![0o400, 0o444, 0o555].includes(mode)) {
          yield `${file.file_name} has the mode ${JSON.stringify(mode)}`;
        }
      }
    }),
    break: (stack) => (list(container(stack).configs)[0].file_mode = 444),
  },
  {
    claim: 'a second plan replaces no service for its network: it is named by its id',
    check: each(function* ({ task_spec }, _, stack) {
      const ids = resources(stack, 'docker_network').map(([name]) => `\${docker_network.${name}.id}`);
      const names = list(task_spec.networks_advanced).map(({ name }) => name);
      if (names.length === 0) yield 'is on no network';
      for (const name of names) if (!ids.includes(name)) yield `is on ${name}`;
    }),
    break: (stack) => (list(service(stack).task_spec.networks_advanced)[0].name = 'proctorwise_proctorwise'),
  },
  {
    claim: 'a destroy keeps the data: every volume is in a mount with its label',
    check: (stack) => [
      ...resources(stack, 'docker_volume').map(([name]) => `docker_volume.${name} can be destroyed`),
      ...each(function* (one, { mounts }) {
        const label = JSON.stringify(one.labels);
        for (const { type, source, read_only, volume_options } of list(mounts)) {
          if (type !== 'volume') continue;
          // The provider replaces a service for a label in a mount that is added; its writer labels the volume.
          if (read_only && volume_options) yield `${source} cannot be added to a service that runs`;
          if (!read_only && JSON.stringify(list(list(volume_options)[0]?.labels)) !== label)
            yield `${source} has no label`;
          if (!source.startsWith(`${one.labels[0].value}_`)) yield `${source} is outside the namespace`;
        }
      })(stack),
    ],
    break: (stack) => {
      for (const [, { task_spec }] of resources(stack, 'docker_service')) {
        for (const mount of list(task_spec.container_spec.mounts)) delete mount.volume_options;
      }
    },
  },
  {
    claim:
      'a second plan is empty: every time is spelt as the provider stores it, "2m" and not "2m0s" or "120s"',
    check: each(function* (one, { healthcheck, stop_grace_period }) {
      const times = {
        ...pick(healthcheck, ['interval', 'timeout', 'start_period']),
        ...pick(one.update_config, ['delay', 'monitor']),
        ...pick(one.rollback_config, ['delay', 'monitor']),
        ...pick(one.task_spec.restart_policy, ['delay', 'window']),
        stop_grace_period,
      };
      for (const [name, time] of Object.entries(times)) {
        if (canonical(time) !== time) yield `${name} is ${time}, and would come back as ${canonical(time)}`;
      }
    }),
    break: (stack) => (container(stack).healthcheck.start_period = '2m0s'),
  },
  {
    claim: 'every service answers for itself: a health check with all of its fields',
    check: each(function* (_, { healthcheck }) {
      for (const field of ['test', 'interval', 'timeout', 'start_period', 'retries']) {
        if (!healthcheck?.[field]) yield `no ${field}`;
      }
    }),
    break: (stack) => delete container(stack).healthcheck.retries,
  },
];

const pick = (from: Json, names: string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, from[name]]));

const MILLISECONDS: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** Go's time.Duration as text, "1h0m0s", with the zeros at its end cut off. */
function canonical(written: string): string {
  let total = 0;
  for (const [, amount, unit] of String(written).matchAll(/([\d.]+)(ms|h|m|s)/g)) {
    total += Number(amount) * MILLISECONDS[unit!]!;
  }
  if (total < 1000) return total === 0 ? '0s' : `${total}ms`;
  const seconds = (total % 60_000) / 1000;
  const minutes = Math.floor(total / 60_000) % 60;
  const hours = Math.floor(total / 3_600_000);
  return `${hours ? `${hours}h` : ''}${hours || minutes ? `${minutes}m` : ''}${seconds}s`
    .replace(/m0s$/, 'm')
    .replace(/h0m$/, 'h');
}
