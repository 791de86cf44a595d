import { stringify } from 'yaml';
import type { Backend } from './catalogue/spec/backend';
import type { VariableSpec } from './catalogue/spec/variable';
import type { Platform } from './platform';
import {
  derivationOf,
  type Mount,
  type OverlayNetwork,
  type Resources,
  type SwarmService,
  type SwarmServiceProps,
} from './swarm';

export interface ComposeOptions {
  /** Optional secrets that the operator has made, to be mounted. @default none */
  readonly optionalSecrets?: readonly string[];
}

export interface ComposeFiles {
  /** docker-compose.swarm.yml. */
  readonly compose: string;
  /** The configs' files, by their path beside it. */
  readonly configs: ReadonlyMap<string, string>;
}

/** The platform for a manual `docker stack deploy`. Secrets are external: their values are never written. */
export function composeOf(platform: Platform, options: ComposeOptions = {}): ComposeFiles {
  const configs = new Map<string, string>();
  const secrets = new Map<string, { external: true; name: string }>();
  const volumes = new Map<string, object>();
  const services: Record<string, unknown> = {};
  for (const service of platform.services) {
    const mounts = (service.props.secrets ?? []).filter(
      ({ secret }) => !secret.eachVersion || options.optionalSecrets?.includes(secret.node.id),
    );
    for (const { secret } of mounts) {
      const { id } = secret.node;
      // A new value is a new object, as with Terraform: name it in the variable and deploy again.
      secrets.set(id, { external: true, name: `\${${secretVariable(id)}:-${platform.namespace}_${id}}` });
    }
    for (const { config } of service.props.configs ?? []) configs.set(config.node.id, config.content);
    for (const mount of service.props.mounts ?? []) if (mount.type === 'volume') volumes.set(mount.name, {});
    services[service.node.id] = composeService(service, platform, mounts);
  }
  const named = new Map(
    platform.services.flatMap(({ props }) =>
      (props.configs ?? []).map(({ config }) => [config.node.id, config.configName]),
    ),
  );
  const document = {
    // Docker 28 neither needs it nor warns of it; 20.10 refuses a file without it.
    version: '3.8',
    services,
    networks: Object.fromEntries(
      platform.networks.map((network) => [network.node.id, composeNetwork(network)]),
    ),
    volumes: Object.fromEntries(volumes),
    configs: Object.fromEntries(
      [...configs.keys()].map((id) => [id, { name: named.get(id), file: `./configs/${id}` }]),
    ),
    secrets: Object.fromEntries(secrets),
  };
  const text = stringify(document, { lineWidth: 0 });
  return {
    compose: header(platform, [...secrets.keys()], text) + text,
    configs: new Map([...configs].map(([id, content]) => [`configs/${id}`, content])),
  };
}

function composeService(
  service: SwarmService,
  platform: Platform,
  secrets: NonNullable<SwarmServiceProps['secrets']>,
) {
  const { props } = service;
  const text = (value: string) => composeText(value, platform.spec.variables as Record<string, VariableSpec>);
  const policy = props.updatePolicy;
  const update = {
    parallelism: policy.parallelism,
    delay: policy.delay.toString(),
    monitor: policy.monitor.toString(),
    max_failure_ratio: policy.maxFailureRatio,
    order: policy.order,
  };
  const { restartPolicy: restart, logDriver: log } = props;
  return {
    image: props.image.toString(),
    ...(props.hostname ? { hostname: props.hostname } : {}),
    ...(props.user ? { user: props.user } : {}),
    ...(props.capDrop.length ? { cap_drop: [...props.capDrop] } : {}),
    ...(props.capAdd.length ? { cap_add: [...props.capAdd] } : {}),
    ...(props.readOnlyRoot ? { read_only: true } : {}),
    ...(props.command ? { entrypoint: props.command.map(text) } : {}),
    ...(props.args ? { command: props.args.map(text) } : {}),
    ...(props.environment ? { environment: mapValues(props.environment, text) } : {}),
    networks: Object.fromEntries(
      props.networks.map((network) => [network.node.id, { aliases: [service.node.id] }]),
    ),
    ...list('ports', props.publishedPorts, ({ published, target, mode }) => ({
      target,
      published,
      protocol: 'tcp',
      mode,
    })),
    ...list('volumes', props.mounts ?? [], composeMount),
    ...list('configs', props.configs ?? [], ({ config, target, mode }) => ({
      source: config.node.id,
      target,
      uid: '0',
      gid: '0',
      mode: mode ?? 0o444,
    })),
    ...list('secrets', secrets, ({ secret, file, mode }) => ({
      source: secret.node.id,
      target: file ?? secret.node.id,
      uid: '0',
      gid: '0',
      mode: mode ?? 0o444,
    })),
    healthcheck: {
      test: props.healthcheck.test(props.port).map((part) => part.replaceAll('$', '$$$$')),
      interval: props.healthcheck.interval.toString(),
      timeout: props.healthcheck.longestProbe.toString(),
      start_period: props.healthcheck.startPeriod.toString(),
      retries: props.healthcheck.retries,
    },
    ...(props.stopSignal ? { stop_signal: props.stopSignal } : {}),
    stop_grace_period: props.stopGracePeriod.toString(),
    logging: { driver: log.name, options: { ...log.options } },
    deploy: {
      mode: 'replicated',
      replicas: props.replicas,
      endpoint_mode: props.endpointMode,
      update_config: { ...update, failure_action: policy.failureAction },
      rollback_config: { ...update, failure_action: 'pause' },
      resources: {
        limits: composeResources(props.limits),
        reservations: composeResources(props.reservations),
      },
      restart_policy: {
        condition: restart.condition,
        delay: restart.delay.toString(),
        ...(restart.maxAttempts === undefined ? {} : { max_attempts: restart.maxAttempts }),
        window: '0s',
      },
      ...(props.constraints?.length ? { placement: { constraints: [...props.constraints] } } : {}),
    },
  };
}

/** Terraform's text as compose reads it: `$` doubled, and a variable taken from the same TF_VAR_<name>. */
function composeText(value: string, variables: Record<string, VariableSpec>): string {
  return value
    .split(/(?<!\$)(\$\{var\.\w+\})/)
    .map((part) => {
      const name = /^\$\{var\.(\w+)\}$/.exec(part)?.[1];
      if (!name) return part.replaceAll('$${', '${').replaceAll('%%{', '%{').replaceAll('$', '$$$$');
      const fallback = variables[name]?.default;
      return fallback === undefined
        ? `\${TF_VAR_${name}:?export TF_VAR_${name}}`
        : `\${TF_VAR_${name}:-${fallback}}`;
    })
    .join('');
}

const composeNetwork = ({ networkName, props: { encrypted, internal } }: OverlayNetwork) => ({
  driver: 'overlay',
  attachable: true,
  ...(internal ? { internal: true } : {}),
  ...(encrypted ? { name: networkName, driver_opts: { encrypted: '' } } : {}),
});

function composeMount(mount: Mount) {
  if (mount.type === 'tmpfs') return { type: 'tmpfs', target: mount.target };
  const readOnly = mount.readOnly ? { read_only: true } : {};
  return mount.type === 'volume'
    ? { type: 'volume', source: mount.name, target: mount.target, ...readOnly }
    : { type: 'bind', source: mount.source, target: mount.target, ...readOnly };
}

/** The variable that names another object for a secret. */
const secretVariable = (id: string) => `${id.toUpperCase()}_SECRET`;

const composeResources = ({ cpus, memory }: Resources) => ({
  cpus: String(cpus.toCores()),
  memory: `${memory.toBytes() / 1024 ** 2}M`,
});

const list = <T, R>(key: string, items: readonly T[], map: (item: T) => R): Record<string, R[]> =>
  items.length > 0 ? { [key]: items.map(map) } : {};

const mapValues = (record: Readonly<Record<string, string>>, map: (value: string) => string) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));

/** Variables that the file cannot be read without. */
const requiredIn = (text: string): string[] => [
  ...new Set([...text.matchAll(/(?<!\$)\$\{(TF_VAR_\w+):\?/g)].map(([, name]) => name!)),
];

/** As Terraform's tls provider makes the pair. */
const selfSigned = (name: string): string[] => [
  'tls_self_signed_certificate and tls_self_signed_key are fullchain.pem and privkey.pem of:',
  `  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 -subj /CN=${name} -addext subjectAltName=DNS:${name} -keyout privkey.pem -out fullchain.pem`,
];

/** The variables that the commands below read. */
function exported(
  provisioned: readonly { readonly name: string; readonly kind: string }[],
  required: readonly string[],
): string[] {
  const names = [
    ...provisioned.map(({ name, kind }) => `TF_VAR_${name} (its value, for ${kind} alone)`),
    ...required,
  ];
  return names.length > 0 ? [`Export before: ${names.join(', ')}`] : [];
}

/** How the passwords of applications' own are made, which Terraform would make. */
function madeFrom(all: Platform['secrets'], namespace: string, used: readonly string[]): string[] {
  const own = used.flatMap((id) => {
    const { source, purpose } = all.get(id) ?? {};
    return source && purpose !== undefined ? [{ id, from: source.node.id, purpose }] : [];
  });
  if (own.length === 0) return [];
  return [
    'Those with the name of a service in them are made from another one, whose FILE has no line end:',
    ...own.map(
      ({ id, purpose }) =>
        `  { printf %s ${derivationOf(namespace, purpose)}; cat FILE; } | sha256sum | head -c 64 | docker secret create ${namespace}_${id} -`,
    ),
  ];
}

/** What an operator must know who has only this file and the project. */
function header(
  { namespace, spec, environment, secrets: platformSecrets }: Platform,
  secrets: readonly string[],
  text: string,
): string {
  const left = Object.entries(spec.secrets)
    .filter(([name, { optional }]) => optional && !secrets.includes(name))
    .map(([name]) => name);
  const required = requiredIn(text);
  const own = environment.id === 'production' ? '' : `PLATFORM_ENVIRONMENT=${environment.id} `;
  const provision = `${own}./proctor provision`;
  const provisioned = Object.values<Backend>(spec.backends ?? {}).flatMap(({ kind, uses = [] }) =>
    uses.flatMap(({ name, provisioned: changed }) => (changed ? [{ name, kind }] : [])),
  );
  const lines = [
    `The platform "${namespace}" for a manual deploy, written by ./proctor compose: edit services.config.ts instead.`,
    `The secrets must exist before. For each one: docker secret create ${namespace}_<name> FILE`,
    `  ${secrets.join(', ')}`,
    ...madeFrom(platformSecrets, namespace, secrets),
    ...(left.length > 0
      ? [
          `Left out, because optional: ${left.join(', ')}. With those in use: ./proctor compose --with <name,…>`,
        ]
      : []),
    ...(secrets.includes('tls_self_signed_key') ? selfSigned(environment.serverName) : []),
    ...exported(provisioned, required),
    provisioned.length > 0
      ? 'First deploy, and a new database (the applications restart until their databases are there):'
      : 'Deploy:',
    `  docker stack deploy --with-registry-auth -c docker-compose.swarm.yml ${namespace}`,
    ...(provisioned.length > 0 ? [`  ${provision} prepare`] : []),
    ...provisioned.flatMap(({ name }) => [
      ...(secrets.includes(name)
        ? [
            `A new password: docker secret create ${namespace}_${name}_2 FILE, and`,
            `  export ${secretVariable(name)}=${namespace}_${name}_2 TF_VAR_${name}="$(cat FILE)"`,
          ]
        : [
            `A new password in FILE: what is made from ${name} again, as ${namespace}_<name>_2, and`,
            `  export <NAME>_SECRET=${namespace}_<name>_2 (each of them) TF_VAR_${name}="$(cat FILE)"`,
          ]),
      `  ${provision} prepare, deploy as above, ./proctor rollout ${namespace}, ${provision} finish`,
    ]),
  ];
  return lines.map((line) => `# ${line}\n`).join('');
}
