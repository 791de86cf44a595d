export { definePlatform, type EnvironmentSpec, type PlatformSpec } from './catalogue';
export { type ComposeFiles, type ComposeOptions, composeOf } from './compose';
export type { ImageLock, Shell } from './environment';
export { bundledScripts, type OperationScripts } from './patterns/rollout';
export type { TlsSpec } from './patterns/tls';
export { Platform, type PlatformProps } from './platform';
export { App, Healthcheck, type StateSpec, UpdatePolicy } from './swarm';
export { Cpu, Duration, ImageRef, Memory } from './units';
