import { Service, type ServiceTaskSpecContainerSpecMounts } from '@cdktf/provider-docker/lib/service';
import { capabilityNames, Duration } from '../units';
import { Construct, type IConstruct } from './cdktf';
import { literal } from './hcl';
import type { Mount } from './mount';
import type { OverlayNetwork } from './network';
import type { LogDriver, PublishedPort, RestartPolicy, SwarmServiceProps } from './service-spec';
import { SwarmStack } from './stack';
import type { FailureAction, UpdatePolicy } from './update-policy';

/** One file of 10 MB and two older ones for each task; without rotation, logs fill the disk. */
const DEFAULT_LOG_DRIVER: LogDriver = {
  name: 'json-file',
  options: { 'max-size': '10m', 'max-file': '3' },
};

const DEFAULT_RESTART_POLICY: RestartPolicy = { condition: 'any', delay: Duration.seconds(5) };

/** What a service is, with everything said that is the same wherever it is not said. */
export interface ResolvedServiceProps extends SwarmServiceProps {
  readonly networks: readonly OverlayNetwork[];
  readonly restartPolicy: RestartPolicy;
  readonly logDriver: LogDriver;
  readonly endpointMode: NonNullable<SwarmServiceProps['endpointMode']>;
  readonly publishedPorts: readonly Required<PublishedPort>[];
  readonly capDrop: NonNullable<SwarmServiceProps['capDrop']>;
  readonly capAdd: NonNullable<SwarmServiceProps['capAdd']>;
}

const resolved = (props: SwarmServiceProps, stack: SwarmStack): ResolvedServiceProps => ({
  ...props,
  networks: [props.network, ...(props.otherNetworks ?? [])],
  healthcheck: props.healthcheck.atLeast(stack.healthcheckMinimum),
  restartPolicy: props.restartPolicy ?? DEFAULT_RESTART_POLICY,
  logDriver: props.logDriver ?? DEFAULT_LOG_DRIVER,
  endpointMode: props.endpointMode ?? 'dnsrr',
  publishedPorts: (props.publishedPorts ?? []).map((port) => ({ ...port, mode: port.mode ?? 'host' })),
  capDrop: capabilityNames(props.capDrop ?? []),
  capAdd: capabilityNames(props.capAdd ?? []),
});

/** A Swarm service, `<platform>_<id>`, reachable as `<id>` on its network. */
export class SwarmService extends Construct {
  /** The provider's own object, for what this class does not model. */
  readonly resource: Service;
  readonly serviceName: string;
  /** `docker_service.<id>`: a contract with state files, `terraform state` commands and imports. */
  readonly address: string;
  /** With what the stack says of all its services, and all defaults. */
  readonly props: ResolvedServiceProps;
  private readonly declared: string;

  constructor(
    scope: Construct,
    id: string,
    written: SwarmServiceProps,
    /** What must have been done before this service is created or updated. */
    after: readonly IConstruct[] = [],
  ) {
    super(scope, id);
    if (!Number.isInteger(written.replicas) || written.replicas < 1) {
      throw new Error(
        `${this.node.path}: replicas ${written.replicas}\n  expected a whole number, 1 or more; to stop a service for a while, scale it by hand`,
      );
    }
    const stack = SwarmStack.of(this);
    const props = resolved(written, stack);
    this.props = props;
    const { restartPolicy: restart, logDriver } = props;
    this.serviceName = `${stack.namespace}_${id}`;
    this.resource = new Service(this, 'Default', {
      name: this.serviceName,
      labels: [stack.namespaceLabel],
      taskSpec: {
        containerSpec: this.containerSpec(stack),
        resources: {
          limits: quantities(props.limits),
          reservation: quantities(props.reservations),
        },
        restartPolicy: {
          condition: restart.condition,
          delay: restart.delay.toString(),
          ...(restart.maxAttempts === undefined ? {} : { maxAttempts: restart.maxAttempts }),
          // Written because its absence differs in each plan.
          window: '0s',
        },
        ...(props.constraints?.length ? { placement: { constraints: [...props.constraints] } } : {}),
        logDriver: { name: logDriver.name, options: { ...logDriver.options } },
        // In 3.6.2 `name` takes the network's id; its name would show a difference in every plan.
        networksAdvanced: props.networks.map(({ resource }) => ({ name: resource.id, aliases: [id] })),
      },
      mode: { replicated: { replicas: props.replicas } },
      updateConfig: policyConfig(props.updatePolicy, props.updatePolicy.failureAction),
      rollbackConfig: policyConfig(props.updatePolicy, 'pause'),
      endpointSpec: {
        mode: props.endpointMode,
        ports: props.publishedPorts.map((port) => ({
          protocol: 'tcp',
          targetPort: port.target,
          publishedPort: port.published,
          publishMode: port.mode,
        })),
      },
      lifecycle: {
        ...(stack.allowDestroy ? {} : { preventDestroy: true }),
        // A label that `docker stack deploy` or an operator adds would otherwise replace the service.
        ignoreChanges: [
          'labels',
          'task_spec[0].container_spec[0].labels',
          // The engine fills it in from the registry when the service is created.
          ...(props.constraints?.length ? ['task_spec[0].placement[0].platforms'] : []),
        ],
      },
      dependsOn: after.map((construct) => construct.node.defaultChild as never),
    });
    this.address = `docker_service.${this.resource.friendlyUniqueId}`;
    this.mountOptionalSecrets();
    this.declared = this.written();
  }

  /** Tasks run what the props say, all of it: `resource` was not used to say something else. */
  get isAsDeclared(): boolean {
    return this.written() === this.declared;
  }

  /** What the provider is told of the tasks. */
  private written(): string {
    const [service] = Object.values<Record<string, unknown>>(
      this.resource.toTerraform().resource.docker_service,
    );
    return JSON.stringify([service?.task_spec, service?.endpoint_spec]);
  }

  private containerSpec(stack: SwarmStack) {
    const { props } = this;
    const healthcheck = props.healthcheck;
    return {
      image: stack.pullName(props.image),
      labels: [stack.namespaceLabel],
      ...(props.command ? { command: props.command.map(literal) } : {}),
      ...(props.args ? { args: [...props.args] } : {}),
      ...(props.environment
        ? {
            env: Object.fromEntries(
              Object.entries(props.environment).map(([name, value]) => [name, literal(value)]),
            ),
          }
        : {}),
      ...(props.hostname ? { hostname: props.hostname } : {}),
      ...(props.user ? { user: props.user } : {}),
      ...(props.capDrop.length ? { capDrop: [...props.capDrop] } : {}),
      ...(props.capAdd.length ? { capAdd: [...props.capAdd] } : {}),
      ...(props.readOnlyRoot ? { readOnly: true } : {}),
      mounts: (props.mounts ?? []).map((mount) => mountSpec(mount, stack)),
      secrets: this.secretMounts(false).map(({ secret, file, mode }) => ({
        secretId: secret.secretId,
        secretName: secret.secretName,
        fileName: file ?? secret.node.id,
        fileUid: '0',
        fileGid: '0',
        fileMode: mode ?? 0o444,
      })),
      configs: (props.configs ?? []).map(({ config, target, mode }) => ({
        configId: config.configId,
        configName: config.configName,
        fileName: target,
        fileUid: '0',
        fileGid: '0',
        fileMode: mode ?? 0o444,
      })),
      healthcheck: {
        test: healthcheck.test(props.port).map(literal),
        interval: healthcheck.interval.toString(),
        timeout: healthcheck.longestProbe.toString(),
        startPeriod: healthcheck.startPeriod.toString(),
        retries: healthcheck.retries,
      },
      stopGracePeriod: props.stopGracePeriod.toString(),
      ...(props.stopSignal ? { stopSignal: props.stopSignal } : {}),
    };
  }

  private secretMounts(optional: boolean) {
    return (this.props.secrets ?? []).filter(({ secret }) => (secret.eachVersion !== undefined) === optional);
  }

  /** An optional secret is mounted where Terraform finds a value: a dynamic block over none or one version. */
  private mountOptionalSecrets(): void {
    const dynamic = this.secretMounts(true).map(({ secret, file, mode }) => {
      const each = secret.eachVersion!;
      return {
        for_each: each.hashes,
        content: {
          secret_id: each.idOf('secrets.value'),
          secret_name: each.nameOf('secrets.value'),
          file_name: file ?? secret.node.id,
          file_uid: '0',
          file_gid: '0',
          file_mode: mode ?? 0o444,
        },
      };
    });
    if (dynamic.length > 0) {
      this.resource.addOverride('task_spec.container_spec.dynamic.secrets', dynamic);
    }
  }
}

/** Docker's `update_config` and `rollback_config` differ in what follows a failure alone. */
const policyConfig = (policy: UpdatePolicy, failureAction: FailureAction) => ({
  parallelism: policy.parallelism,
  delay: policy.delay.toString(),
  failureAction,
  monitor: policy.monitor.toString(),
  maxFailureRatio: policy.maxFailureRatioText,
  order: policy.order,
});

const quantities = ({ cpus, memory }: SwarmServiceProps['limits']) => ({
  nanoCpus: cpus.toNanoCpus(),
  memoryBytes: memory.toBytes(),
});

function mountSpec(mount: Mount, stack: SwarmStack): ServiceTaskSpecContainerSpecMounts {
  switch (mount.type) {
    case 'volume':
      return {
        type: 'volume',
        source: `${stack.namespace}_${mount.name}`,
        target: mount.target,
        readOnly: mount.readOnly ?? false,
        // Labels of a mount are ForceNew like all of the provider's: one that is added to a service that runs would replace
        // it. A volume that its reader makes first has none then: it is found by its name.
        ...(mount.readOnly || mount.labelled === false
          ? {}
          : { volumeOptions: { labels: [stack.namespaceLabel] } }),
      };
    case 'tmpfs':
      return { type: 'tmpfs', target: mount.target };
    case 'bind':
      return { type: 'bind', source: mount.source, target: mount.target, readOnly: mount.readOnly ?? false };
  }
}
