export type { Shell } from '../contract/shell';
export {
  type DatabaseUse,
  type KafkaSpec,
  kafka,
  type MariadbSpec,
  mariadb,
  statefulDefaults,
} from './backends';
export type { ImageLock } from './catalogue/environment';
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
export type { PlatformSpec } from './catalogue/spec/platform';
export { type ComposeFiles, type ComposeOptions, composeOf } from './compose';
export { declareHost } from './declare-host';
export { definePlatform } from './define-platform';
export type { HostSpec } from './host';
export type { TlsSpec } from './ingress/tls/tls';
export { bundledScripts, type OperationScripts } from './phases/gate';
export { Platform, type PlatformProps } from './platform';
export { App, Healthcheck, type StateSpec, UpdatePolicy } from './swarm';
export { Cpu, Duration, ImageRef, Memory } from './units';
