import { join } from 'node:path';
import type { Expressed, Expression } from '../../contract/expressed';
import type { PlannedRollout, PlannedService, RolloutTimings } from '../../contract/rollout';
import type { TlsEndpoint } from '../../contract/tls-endpoint';
import {
  type Construct,
  hcl,
  type IConstruct,
  literal,
  type Mount,
  type MountableSecret,
  type Resources,
  Step,
  type SwarmService,
  SwarmStack,
} from '../swarm';
import type { Duration } from '../units';

/** The scripts that run beside Terraform, bundled before synth; each is one self-contained file. */
export interface OperationScripts {
  readonly rollout: string;
  readonly provision: string;
  readonly checkCertificate: string;
  readonly place: string;
  readonly job: string;
}

/**
 * The bundles in a folder; `build/synth.mjs` puts them into `dist`.
 *
 * @param folder @default the installed package's own
 */
export const bundledScripts = (folder = join(__dirname, '../../scripts')): OperationScripts => ({
  rollout: join(folder, 'rollout.js'),
  provision: join(folder, 'provision.js'),
  checkCertificate: join(folder, 'check-certificate.js'),
  place: join(folder, 'place.js'),
  job: join(folder, 'job.js'),
});

export interface RolloutGateProps {
  readonly script: string;
  readonly service: SwarmService;
  /** For `[4/9]` in the output. */
  readonly position: () => { readonly index: number; readonly total: number };
  /** Where clients get the certificate, of which the gate warns before it ends. @default not looked at */
  readonly certificate?: TlsEndpoint | undefined;
  /** @default the update policy's */
  readonly observe?: Duration | undefined;
}

/** `<service>_rollout`: waits until Swarm really runs what was planned, and fails the apply when it does not. */
export function rolloutGate(scope: Construct, props: RolloutGateProps): Step {
  const { service } = props;
  const { connection } = SwarmStack.of(scope);
  const rollout = (): Expressed<PlannedRollout> => ({
    host: connection.url,
    sshOptions: connection.sshOptions,
    service: service.serviceName,
    planned: planOf(service),
    timings: timingsOf(service, props.observe),
    certificate: props.certificate,
    position: props.position(),
  });
  return new Step(scope, `${service.node.id}_rollout`, {
    script: props.script,
    input: { variable: 'ROLLOUT', value: rollout },
    triggers: {
      service: `\${${service.address}.id}`,
      // The older objects must outlive the gate: a rollback needs them.
      secrets: `\${join(",", ${secretIds(service)})}`,
      configs: (service.props.configs ?? []).map(({ config }) => config.configId).join(','),
    },
    follows: service,
  });
}

/**
 * What the plan says the tasks run, all of it; the gate holds each slot against it. As literals, and not as attributes
 * of the service: after an update the provider reads it back, and may find what Swarm has rolled back to meanwhile.
 */
export function planOf(service: SwarmService): Expressed<PlannedService> {
  const { props } = service;
  const stack = SwarmStack.of(service);
  const { namespace } = stack;
  const { restartPolicy: restart } = props;
  return {
    image: stack.pullName(props.image),
    replicas: props.replicas,
    command: props.command?.map(literal),
    args: props.args,
    env: Object.entries(props.environment ?? {}).map(([name, value]) => `${name}=${literal(value)}`),
    secrets: secretsOf(service),
    configs: (props.configs ?? []).map(({ config, target, mode }) => ({
      id: config.configId,
      name: config.configName,
      file: fileOf(target, mode),
    })),
    spec: {
      TaskTemplate: {
        ContainerSpec: {
          Healthcheck: {
            Test: props.healthcheck.test(props.port).map(literal),
            Interval: nanoseconds(props.healthcheck.interval),
            Timeout: nanoseconds(props.healthcheck.longestProbe),
            StartPeriod: nanoseconds(props.healthcheck.startPeriod),
            Retries: props.healthcheck.retries,
          },
          StopGracePeriod: nanoseconds(props.stopGracePeriod),
          StopSignal: props.stopSignal ?? '',
          Hostname: props.hostname ?? '',
          ...(props.user ? { User: props.user } : {}),
          ...(props.capDrop.length ? { CapabilityDrop: props.capDrop } : {}),
          ...(props.capAdd.length ? { CapabilityAdd: props.capAdd } : {}),
          ...(props.readOnlyRoot ? { ReadOnly: true } : {}),
          Mounts: (props.mounts ?? []).map((mount) => mountOf(mount, namespace)),
        },
        Resources: { Limits: quantities(props.limits), Reservations: quantities(props.reservations) },
        RestartPolicy: {
          Condition: restart.condition,
          Delay: nanoseconds(restart.delay),
          MaxAttempts: restart.maxAttempts ?? 0,
        },
        Placement: { Constraints: props.constraints ?? [] },
        Networks: props.networks.map(({ networkId }) => ({ Target: networkId, Aliases: [service.node.id] })),
        LogDriver: { Name: props.logDriver.name, Options: props.logDriver.options },
      },
      EndpointSpec: {
        Mode: props.endpointMode,
        Ports: props.publishedPorts.map(({ target, published, mode }) => ({
          Protocol: 'tcp',
          TargetPort: target,
          PublishedPort: published,
          PublishMode: mode,
        })),
      },
    },
    // What was said past the props is not in here.
    whole: service.isAsDeclared ? true : undefined,
  };
}

/** As an expression: an optional secret may be there or not. */
function secretsOf({ props }: SwarmService): Expression {
  const mounted = (props.secrets ?? []).map(({ secret, file, mode }) => {
    const one = `{ id = id, file = ${hcl(fileOf(file ?? secret.node.id, mode))} }`;
    return `[for id in ${secret.idsExpression} : ${one}]`;
  });
  return `\${concat(${[...mounted, '[]'].join(', ')})}`;
}

/** As the engine has it. */
const fileOf = (name: string, mode = 0o444) => ({ Name: name, UID: '0', GID: '0', Mode: mode });

/** As the engine has it, but for labels, which are anybody's. */
const mountOf = (mount: Mount, namespace: string) => ({
  Type: mount.type,
  Target: mount.target,
  ...(mount.type === 'volume' ? { Source: `${namespace}_${mount.name}` } : {}),
  ...(mount.type === 'bind' ? { Source: mount.source } : {}),
  ReadOnly: mount.type !== 'tmpfs' && (mount.readOnly ?? false),
});

const nanoseconds = (duration: Duration) => duration.toMilliseconds() * 1_000_000;

const quantities = ({ cpus, memory }: Resources) => ({
  NanoCPUs: cpus.toNanoCpus(),
  MemoryBytes: memory.toBytes(),
});

function timingsOf({ props }: SwarmService, observe = props.updatePolicy.observe): RolloutTimings {
  return {
    startPeriodSeconds: props.healthcheck.startPeriod.toSeconds(),
    healthIntervalSeconds: props.healthcheck.interval.toSeconds(),
    healthTimeoutSeconds: props.healthcheck.timeout.toSeconds(),
    healthRetries: props.healthcheck.retries,
    delaySeconds: props.updatePolicy.delay.toSeconds(),
    monitorSeconds: props.updatePolicy.monitor.toSeconds(),
    parallelism: props.updatePolicy.parallelism,
    stopGraceSeconds: props.stopGracePeriod.toSeconds(),
    observeSeconds: observe.toSeconds(),
    pullSeconds: props.updatePolicy.pullTimeout.toSeconds(),
  };
}

const secretIds = ({ props }: SwarmService): string =>
  `concat(${[...(props.secrets ?? []).map(({ secret }) => secret.idsExpression), '[]'].join(', ')})`;

/**
 * The last step of a deploy. It refers to every secret and config, so that Terraform destroys old ones only after all
 * gates have passed: until then everything a rollback needs is there.
 */
export function lastGate(
  scope: Construct,
  services: readonly SwarmService[],
  /** All that the catalogue declares: one that no service uses any more may be what a rollback needs. */
  declared: readonly MountableSecret[],
  after: readonly IConstruct[],
): Step {
  const mounted = services.flatMap(({ props }) => (props.secrets ?? []).map(({ secret }) => secret));
  const secrets = new Set([...declared, ...mounted].map(({ idsExpression }) => idsExpression));
  const configs = new Set(
    services.flatMap(({ props }) => (props.configs ?? []).map(({ config }) => config.configId)),
  );
  return new Step(scope, 'deployed', {
    triggers: {
      secrets: `\${join(",", concat(${[...secrets, '[]'].join(', ')}))}`,
      configs: [...configs].join(','),
    },
    after,
  });
}
