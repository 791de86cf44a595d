export { type Capability, capabilityNames } from './capability';
export { Cpu } from './cpu';
export { Duration } from './duration';
export { DIGEST, DOCKER_HUB, type ImageName, parseImage, registryHost } from './image-name';
export { ImageRef } from './image-ref';
export { Memory } from './memory';
export { partErrors, type RequestPart } from './request-part';
export { frontOf, proxyErrors, type TrustedProxies } from './trusted-proxies';
