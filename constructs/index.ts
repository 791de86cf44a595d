export type { Shell } from '../contract/shell';
export {
  type DatabaseSpec,
  type DatabaseUse,
  type KafkaSpec,
  kafka,
  type MariadbSpec,
  mariadb,
  statefulDefaults,
} from './backends';
export type { ImageLock } from './catalogue/environment';
export type { ApplicationSpec, MigrateSpec } from './catalogue/spec/application';
export type {
  Backend,
  Grant,
  Place,
  Provisioning,
  StatefulSpec,
  UsedSecret,
  UsesOf,
} from './catalogue/spec/backend';
export type { EnvironmentSpec } from './catalogue/spec/environment';
export type { IngressSpec } from './catalogue/spec/ingress';
export type { JobSpec } from './catalogue/spec/job';
export type { NetworksSpec } from './catalogue/spec/networks';
export type { NodeSpec } from './catalogue/spec/node';
export type { PlatformSpec } from './catalogue/spec/platform';
export type { ProbeSpec } from './catalogue/spec/probe';
export type { BodySize, RouteSpec } from './catalogue/spec/route';
export type { SecretCommand, SecretSpec } from './catalogue/spec/secret';
export type { ApplicationOverride, ServiceOverride, ServiceSpec } from './catalogue/spec/service';
export type { VariableSpec } from './catalogue/spec/variable';
export { type ComposeFiles, type ComposeOptions, composeOf } from './compose';
export { declareHost } from './declare-host';
export { definePlatform } from './define-platform';
export type { HostSpec } from './host';
export type { TlsSpec } from './ingress/tls/tls';
export { bundledScripts, type OperationScripts } from './phases/gate';
export { Platform, type PlatformProps } from './platform';
export type { RuleName } from './rules';
export {
  App,
  type ConfigMount,
  Connection,
  Construct,
  Healthcheck,
  type HealthcheckMinimum,
  type HealthcheckOptions,
  type IConstruct,
  type LogDriver,
  literal,
  type Mount,
  type MountableSecret,
  OverlayNetwork,
  type OverlayNetworkProps,
  type PublishedPort,
  type Resources,
  type RestartPolicy,
  type SecretMount,
  type StateSpec,
  Step,
  type StepProps,
  SwarmConfig,
  type SwarmConfigProps,
  SwarmSecret,
  type SwarmSecretProps,
  SwarmService,
  type SwarmServiceProps,
  SwarmStack,
  type SwarmStackProps,
  TerraformOutput,
  TerraformVariable,
  UpdatePolicy,
  type UpdatePolicyOptions,
} from './swarm';
export {
  type Capability,
  Cpu,
  Duration,
  ImageRef,
  Memory,
  type RequestPart,
  type TrustedProxies,
} from './units';
