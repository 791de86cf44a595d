export { App, Construct, type IConstruct, TerraformOutput, TerraformVariable } from './cdktf';
export { SwarmConfig, type SwarmConfigProps } from './config';
export { Connection } from './connection';
export { hcl, literal } from './hcl';
export { Healthcheck, type HealthcheckMinimum, type HealthcheckOptions } from './healthcheck';
export type { Mount } from './mount';
export { OverlayNetwork, type OverlayNetworkProps } from './network';
export { derivationOf, type MountableSecret, SwarmSecret, type SwarmSecretProps } from './secret';
export { SelfSignedPair } from './self-signed';
export { SwarmService } from './service';
export type {
  ConfigMount,
  LogDriver,
  PublishedPort,
  Resources,
  RestartPolicy,
  SecretMount,
  StopSignal,
  SwarmServiceProps,
} from './service-spec';
export { PROVIDER_VERSIONS, SwarmStack, type SwarmStackProps } from './stack';
export type { StateSpec } from './state';
export { Step, type StepProps, stackFile } from './step';
export {
  type FailureAction,
  type UpdateOrder,
  UpdatePolicy,
  type UpdatePolicyOptions,
} from './update-policy';
