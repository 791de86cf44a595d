export type { HostSpec } from './host-spec';
export { HostStack, type HostStackProps } from './host-stack';
export { hostKeyOf, readKnownHosts } from './known-hosts';
