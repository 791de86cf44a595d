import type { NetworksSpec, PlatformSpec } from '../../../../../constructs';
import { Cpu, Healthcheck, Memory, UpdatePolicy } from '../../../../../constructs';
import { catalogue } from '../../../../support/platform/catalogue';
import type { Json } from '../../../../support/platform/template';
import type { Project, Situation } from './terraform';

/** What is there before, what happens to it, and what is then planned. */
export interface Scenario {
  /** @default the small catalogue as it is */
  readonly before?: Partial<Situation>;
  /** Between the apply and the plan. */
  readonly meanwhile?: (project: Project) => void;
  readonly planned?: Partial<Situation>;
  /** Nothing is applied before. */
  readonly first?: true;
  /** The apply of `before` is followed by one of this, which fails. */
  readonly failed?: Partial<Situation>;
}

const spec: PlatformSpec = catalogue;
const { users } = catalogue.services;

/** The catalogue with another image of MariaDB. */
const withMariadb = (image: string): PlatformSpec => {
  const { mariadb } = catalogue.backends!;
  return {
    ...spec,
    backends: { ...catalogue.backends, mariadb: { ...mariadb, spec: { ...mariadb.spec, image } } },
  };
};

/** The catalogue with one application changed. */
const withUsers = (more: object): Partial<Situation> => ({
  spec: { ...spec, services: { ...spec.services, users: { ...users, ...more } } },
});
const container = (json: Json, id: string) => json.resource.docker_service[id].task_spec.container_spec;
const edit = (change: (json: Json) => void): Partial<Situation> => ({ edit: change });
const onService = (id: string, change: (service: Json) => void) =>
  edit((json) => change(json.resource.docker_service[id]));

const withoutMailer: PlatformSpec = {
  ...spec,
  services: { users },
  nginx: { ...spec.nginx, routes: [{ path: '/', service: 'users' }] },
};
const withoutItsRoute: PlatformSpec = {
  ...spec,
  nginx: { ...spec.nginx, routes: [{ path: '/', service: 'users' }] },
};
const twoEntries = (json: Json) => {
  container(json, 'users').env = { LANG: 'C.UTF-8', TZ: 'Etc/UTC' };
};
const twoEntriesAndThree = (json: Json) => {
  twoEntries(json);
  json.resource.docker_service.users.mode.replicated.replicas = 3;
};
const volume = (type: string) => (json: Json) => {
  json.resource.docker_volume = {
    archive: { name: 'acme_archive', labels: [{ label: 'kind', value: type }] },
  };
};
const encrypted = (json: Json) => {
  json.resource.docker_network.extra = { name: 'acme_extra', driver: 'overlay', options: { encrypted: '' } };
};
const withoutWindow = (json: Json) => {
  delete json.resource.docker_service.users.task_spec.restart_policy.window;
};
const failingGate = (service: string) => (json: Json) => {
  json.resource.null_resource[`${service}_rollout`].provisioner = [{ 'local-exec': { command: 'exit 1' } }];
};
const withNetworks = (networks: NetworksSpec): PlatformSpec => ({
  ...spec,
  environments: { ...spec.environments, lab: { ...spec.environments.lab!, networks } },
});
const otherName: PlatformSpec = {
  ...spec,
  environments: {
    ...spec.environments,
    lab: { ...spec.environments.lab!, serverName: 'other.example.com' },
  },
};

/** Every kind of change that was ever seen of the provider; the file's name is the claim's subject. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  first: { first: true },

  // In place, tasks roll.
  image: { planned: withUsers({ image: 'ghcr.io/acme/users:1.1.0' }) },
  args: { planned: withUsers({ settings: { LOG_LEVEL: 'debug', TRACE: 'on' } }) },
  command: { planned: onService('users', ({ task_spec }) => task_spec.container_spec.command.push('-e')) },
  limits: { planned: withUsers({ limits: { cpus: Cpu.cores(0.6), memory: Memory.mebibytes(600) } }) },
  constraints: { planned: withUsers({ placement: 'node.role==manager' }) },
  healthcheck: { planned: withUsers({ healthcheck: Healthcheck.http('/ready') }) },
  'nginx-conf': { planned: { spec: withoutItsRoute } },
  'two-slots': { planned: withUsers({ image: 'ghcr.io/acme/users:1.1.0', replicas: 3 }) },
  'stop-first': {
    planned: withUsers({ image: 'ghcr.io/acme/users:1.1.0', updatePolicy: UpdatePolicy.stopFirst() }),
  },
  mariadb: { planned: { spec: withMariadb('mariadb:11.4') } },
  edge: { planned: onService('edge', ({ task_spec }) => (task_spec.container_spec.command ??= ['nginx'])) },
  port: { planned: onService('edge', ({ endpoint_spec }) => (endpoint_spec.ports[0].published_port = 8090)) },

  // In place, tasks stay.
  replicas: { planned: withUsers({ replicas: 3 }) },
  'update-config': {
    planned: withUsers({ updatePolicy: UpdatePolicy.startFirst({ maxFailureRatio: 0.5 }) }),
  },
  // The provider writes two entries in random order, so that every update restarts every task.
  'two-env-entries': { before: edit(twoEntries), planned: edit(twoEntriesAndThree) },

  // Replaced.
  label: {
    planned: onService('users', (service) => {
      service.lifecycle.ignore_changes = [];
      service.labels.push({ label: 'version', value: '2' });
    }),
  },
  'container-label': {
    planned: onService('users', (service) => {
      service.lifecycle.ignore_changes = [];
      service.task_spec.container_spec.labels.push({ label: 'version', value: '2' });
    }),
  },
  name: { planned: onService('users', (service) => (service.name = 'acme_people')) },
  'network-alias': {
    planned: onService('users', ({ task_spec }) => task_spec.networks_advanced[0].aliases.push('people')),
  },
  'network-driver-options': {
    planned: onService('users', ({ task_spec }) => (task_spec.networks_advanced[0].driver_opts = ['a=b'])),
  },
  'network-added': {
    planned: edit((json) => {
      json.resource.docker_network.extra = { name: 'acme_extra', driver: 'overlay' };
      const { task_spec } = json.resource.docker_service.users;
      task_spec.networks_advanced.push({ name: '${docker_network.extra.id}', aliases: ['users'] });
    }),
  },
  'networks-separate': { planned: { spec: withNetworks({ separate: true }) } },
  'networks-encrypted': { planned: { spec: withNetworks({ encrypted: true }) } },
  hosts: {
    planned: onService('users', ({ task_spec }) => {
      task_spec.container_spec.hosts = [{ host: 'mail', ip: '192.0.2.1' }];
    }),
  },
  sysctl: {
    planned: onService('users', ({ task_spec }) => {
      task_spec.container_spec.sysctl = { 'net.core.somaxconn': '1024' };
    }),
  },
  isolation: {
    planned: onService('users', ({ task_spec }) => (task_spec.container_spec.isolation = 'process')),
  },
  auth: {
    planned: onService('users', (service) => {
      service.auth = { server_address: 'ghcr.io', username: 'somebody', password: 'not-a-secret-either' };
    }),
  },
  mode: { planned: onService('users', (service) => (service.mode = { global: true })) },
  tainted: { meanwhile: (project) => project.taint('docker_service.users') },
  network: { planned: edit(({ resource }) => (resource.docker_network.acme.attachable = false)) },
  'volume-replaced': { before: edit(volume('a')), planned: edit(volume('b')) },
  'volume-removed': { before: edit(volume('a')) },
  'volume-made': { planned: edit(volume('a')) },
  'other-data-volume': {
    planned: onService('mariadb', ({ task_spec }) => {
      task_spec.container_spec.mounts[0].source = 'acme_mariadb_data2';
    }),
  },

  // Services come, go, change hands.
  removed: {
    before: { spec: withoutItsRoute },
    planned: { spec: withoutMailer },
  },
  'removed-with-its-route': { planned: { spec: withoutMailer } },
  added: { before: { spec: withoutMailer } },
  forgotten: {
    planned: {
      spec: withoutMailer,
      edit: (json) => {
        json.removed = [{ from: 'docker_service.mailer', lifecycle: [{ destroy: false }] }];
      },
    },
  },
  'taken-over': {
    meanwhile: (project) => project.deployByHand('legacy', LEGACY),
    planned: edit(adopted),
  },

  // As `./proctor state recover` does it: what the provider reads back is not what it wrote.
  recovered: { meanwhile: (project) => project.importAgain('mariadb', 'edge', 'users') },

  // By hand, or by Swarm.
  'scaled-by-hand': { meanwhile: (project) => project.docker('service', 'scale', '-d', 'acme_users=3') },
  'scaled-by-hand-and-planned': {
    meanwhile: (project) => project.docker('service', 'scale', '-d', 'acme_users=3'),
    planned: withUsers({ replicas: 4 }),
  },
  'image-by-hand': {
    meanwhile: (project) =>
      project.docker(
        'service',
        'update',
        '-d',
        '--no-resolve-image',
        '--image',
        'ghcr.io/acme/users:0.9.0',
        'acme_users',
      ),
  },
  'rolled-back': {
    before: withUsers({ image: 'ghcr.io/acme/users:0.9.0' }),
    failed: edit(failingGate('users')),
    meanwhile: (project) => project.docker('service', 'rollback', '-d', 'acme_users'),
  },
  'removed-by-hand': { meanwhile: (project) => project.docker('service', 'rm', 'acme_mailer') },
  'label-by-hand': {
    meanwhile: (project) =>
      project.docker('service', 'update', '-d', '--label-add', 'owner=somebody', 'acme_users'),
  },

  // Secrets and certificates.
  'password-rotated': { planned: { variables: { db_password: 'not-a-secret-at-all-2' } } },
  'optional-secret-gone': { planned: { variables: { smtp_password: '' } } },
  'certificate-renewed': {
    planned: edit(({ resource }) => {
      resource.tls_self_signed_cert.tls_self_signed.early_renewal_hours = 90 * 24;
    }),
  },
  // A read that fails looks the same to the provider.
  'config-gone': {
    before: edit((json) => (json.resource.docker_config.unused = { name: 'acme_unused', data: 'eA==' })),
    meanwhile: (project) => project.docker('config', 'rm', 'acme_unused'),
    planned: edit((json) => (json.resource.docker_config.unused = { name: 'acme_unused', data: 'eA==' })),
  },
  // A plain resource, made before its older version is destroyed, whose gate then failed.
  'after-a-failed-gate': {
    failed: { spec: otherName, edit: failingGate('nginx') },
    planned: { spec: otherName },
  },
  'after-a-failed-gate-and-a-rollback': {
    failed: { spec: otherName, edit: failingGate('nginx') },
    meanwhile: (project) => project.docker('service', 'rollback', '-d', 'acme_nginx'),
    planned: { spec: otherName },
  },

  // They come back in each plan.
  'restart-window': { before: edit(withoutWindow), planned: edit(withoutWindow) },
  'encrypted-network': { before: edit(encrypted), planned: edit(encrypted) },

  // Acknowledged.
  acknowledged: {
    planned: withUsers({
      image: 'ghcr.io/acme/users:1.1.0',
      limits: { cpus: Cpu.cores(0.5), memory: Memory.mebibytes(512) },
      environment: { LANG: 'C.UTF-8', TZ: 'Etc/UTC' },
      acknowledge: { 'one-env-entry': 'taken over from the older stack' },
    }),
  },
};

/** What `docker stack deploy` makes… */
const LEGACY = `services:
  web:
    image: registry.example.com/web:1
    volumes: ['data:/data']
    deploy: { replicas: 2 }
volumes:
  data:
`;

/** …as Terraform would have it. */
function adopted(json: Json): void {
  const label = { label: 'com.docker.stack.namespace', value: 'legacy' };
  json.resource.docker_service.legacy = {
    name: 'legacy_web',
    labels: [label],
    task_spec: {
      container_spec: {
        image: 'registry.example.com/web:1',
        labels: [label],
        mounts: [
          {
            type: 'volume',
            source: 'legacy_data',
            target: '/data',
            volume_options: [{ labels: [label] }],
          },
        ],
      },
      networks_advanced: [{ name: '${docker_network.legacy.id}', aliases: ['web'] }],
    },
    mode: { replicated: { replicas: 2 } },
    lifecycle: { ignore_changes: ['labels', 'task_spec[0].container_spec[0].labels'] },
  };
  json.resource.docker_network.legacy = {
    name: 'legacy_default',
    driver: 'overlay',
    lifecycle: { ignore_changes: ['options', 'ipam_options', 'ipam_config', 'labels'] },
  };
  json.resource.docker_volume = {
    legacy: { name: 'legacy_data', lifecycle: { ignore_changes: ['labels'] } },
  };
}
