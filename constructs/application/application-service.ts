import {
  type ConfigMount,
  type Construct,
  Healthcheck,
  type IConstruct,
  literal,
  type OverlayNetwork,
  type Resources,
  type SecretMount,
  type StopSignal,
  type SwarmConfig,
  SwarmService,
  UpdatePolicy,
} from '../swarm';
import { type Capability, Duration, type ImageRef } from '../units';
import { trustMounts, trustSettings } from './trust';

export interface ApplicationServiceProps {
  readonly image: ImageRef;
  /** @default none: nobody asks it anything */
  readonly port?: number | undefined;
  readonly command: readonly string[];
  readonly replicas: number;
  readonly limits: Resources;
  readonly reservations: Resources;
  readonly network: OverlayNetwork;
  readonly otherNetworks: readonly OverlayNetwork[];
  /** The config that holds launch.sh; without it the image's own entrypoint runs. */
  readonly launcher?: SwarmConfig | undefined;
  /** The config that holds the certificates that it trusts. */
  readonly ca?: SwarmConfig | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly placement?: string | undefined;
  /** Environment variables in their order; a value may hold Terraform expressions. */
  readonly settings: readonly { readonly name: string; readonly value: string }[];
  /** URLs with `{secret}` where a secret's URL-encoded value goes. */
  readonly urls: readonly { readonly name: string; readonly template: string }[];
  readonly secrets: readonly SecretMount[];
  /** What a task waits for before it starts, as launch.sh's --wait-for takes it. */
  readonly awaited: readonly string[];
  readonly waitForBackends?: Duration | undefined;
  readonly sharedVolumes: readonly { readonly name: string; readonly target: string }[];
  /** Written by its only task. @default none */
  readonly ownVolumes?: readonly { readonly name: string; readonly target: string }[] | undefined;
  /** Beside the launcher's. @default none */
  readonly configs?: readonly ConfigMount[] | undefined;
  readonly tmpfs?: readonly string[] | undefined;
  readonly user?: string | undefined;
  readonly capDrop?: readonly Capability[] | undefined;
  readonly capAdd?: readonly Capability[] | undefined;
  readonly readOnlyRoot?: boolean | undefined;
  readonly healthcheck?: Healthcheck | undefined;
  readonly updatePolicy?: UpdatePolicy | undefined;
  readonly drain?: Duration | undefined;
  readonly gracefulTimeout?: Duration | undefined;
  readonly stopGracePeriod?: Duration | undefined;
  readonly stopSignal?: StopSignal | undefined;
  readonly endpointMode?: 'dnsrr' | 'vip' | undefined;
  readonly acknowledge?: Readonly<Partial<Record<string, string>>> | undefined;
}

/** nginx asks Docker's DNS every second and Swarm takes a name away 2 s before the signal: 6 s leave a margin. */
const DRAIN = Duration.seconds(6);
/**
 * As long as MariaDB and Kafka may take themselves, by their start periods. Kafka is ready some 10 s after its start; where
 * everything starts at once on two busy processors, more than 60 s after it.
 */
const WAIT_FOR_BACKENDS = Duration.minutes(2);
const GRACEFUL_TIMEOUT = Duration.seconds(30);
const SLACK = Duration.seconds(9);

/**
 * An application behind nginx, started by the launcher. Its settings are arguments: lists keep their order, show in the
 * plan line by line and come back with `docker service rollback`; the provider shuffles `env`.
 */
export function applicationService(
  scope: Construct,
  id: string,
  props: ApplicationServiceProps,
  after: readonly IConstruct[],
): SwarmService {
  const drain = props.drain ?? DRAIN;
  const wait = waitOf(props);
  const healthcheck = props.healthcheck ?? Healthcheck.http('/health');
  const gracefulTimeout = props.gracefulTimeout ?? GRACEFUL_TIMEOUT;
  return new SwarmService(
    scope,
    id,
    {
      image: props.image,
      ...(props.port === undefined ? {} : { port: props.port }),
      replicas: props.replicas,
      limits: props.limits,
      reservations: props.reservations,
      network: props.network,
      otherNetworks: props.otherNetworks,
      ...(props.launcher ? launched(props, props.launcher, drain, wait) : withoutLauncher(props)),
      ...(props.environment ? { environment: props.environment } : {}),
      ...(props.placement ? { constraints: [props.placement] } : {}),
      secrets: props.secrets,
      mounts: [
        ...props.sharedVolumes.map((volume) => ({ type: 'volume' as const, shared: true, ...volume })),
        ...(props.ownVolumes ?? []).map((volume) => ({ type: 'volume' as const, ...volume })),
        ...(props.tmpfs ?? []).map((target) => ({ type: 'tmpfs' as const, target: tmpfsTarget(id, target) })),
      ],
      ...(props.user ? { user: userOf(id, props.user) } : {}),
      ...(props.capDrop ? { capDrop: props.capDrop } : {}),
      ...(props.capAdd ? { capAdd: props.capAdd } : {}),
      ...(props.readOnlyRoot ? { readOnlyRoot: true } : {}),
      healthcheck: healthcheck.atLeast({ startPeriod: healthcheck.startPeriod.plus(wait) }),
      updatePolicy: props.updatePolicy ?? UpdatePolicy.startFirst(),
      ...(props.launcher ? { drain } : {}),
      gracefulTimeout,
      stopGracePeriod: props.stopGracePeriod ?? drain.plus(gracefulTimeout).plus(SLACK),
      endpointMode: props.endpointMode ?? 'dnsrr',
      acknowledge: props.acknowledge ?? {},
    },
    after,
  );
}

function waitOf({ launcher, awaited, waitForBackends }: ApplicationServiceProps): Duration {
  return launcher && awaited.length > 0 ? (waitForBackends ?? WAIT_FOR_BACKENDS) : Duration.seconds(0);
}

/** Docker starts no task of which it does not find the user or the group. */
function userOf(id: string, user: string): string {
  if (/^[A-Za-z0-9_][\w.-]*(:[A-Za-z0-9_][\w.-]*)?$/.test(user)) return user;
  throw new Error(
    `${id}: the user ${JSON.stringify(user)}\n  write a name or number, or either with a group: '1000:1000'`,
  );
}

function tmpfsTarget(id: string, target: string): string {
  if (/^\/[^:\0]*[^/:\0]$/.test(target)) return target;
  throw new Error(`${id}: tmpfs at ${JSON.stringify(target)}\n  write the absolute path of a folder: '/tmp'`);
}

const withoutLauncher = ({ command, stopSignal }: ApplicationServiceProps) => ({
  args: command.map(literal),
  ...(stopSignal ? { stopSignal: `SIG${stopSignal}` as const } : {}),
});

/** What is the launcher's of an application that it starts. */
const launched = (
  props: ApplicationServiceProps,
  launcher: SwarmConfig,
  drain: Duration,
  wait: Duration,
) => ({
  command: ['/bin/sh', '/launch'],
  args: [
    `--drain=${Math.ceil(drain.toSeconds())}`,
    ...(props.stopSignal && props.stopSignal !== 'TERM' ? [`--signal=${props.stopSignal}`] : []),
    ...(wait.toSeconds() > 0
      ? [`--wait-seconds=${Math.ceil(wait.toSeconds())}`, ...props.awaited.map((url) => `--wait-for=${url}`)]
      : []),
    ...props.settings.map(({ name, value }) => `${name}=${value}`),
    ...props.urls.flatMap(({ name, template }) => ['--url', `${name}=${literal(template)}`]),
    ...trustSettings(props.ca, [
      ...[...props.settings, ...props.urls].map(({ name }) => name),
      ...Object.keys(props.environment ?? {}),
      ...props.secrets.map(({ secret, file }) => file ?? secret.node.id),
    ]),
    '--',
    ...props.command.map(literal),
  ],
  configs: [
    { config: launcher, target: '/launch', mode: 0o555 },
    ...trustMounts(props.ca),
    ...(props.configs ?? []),
  ],
  // An image's own may be one for which the launcher's shell has no handler, such as Apache's SIGWINCH.
  stopSignal: 'SIGTERM' as const,
});
