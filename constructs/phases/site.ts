import type { Environment } from '../catalogue/environment';
import type { PlatformSpec } from '../catalogue/spec/platform';
import type { OverlayNetwork, Resources, SwarmConfig, SwarmSecret, SwarmStack } from '../swarm';
import type { ImageRef } from '../units';
import type { OperationScripts } from './gate';

/** What every phase of a platform builds with. */
export interface Site {
  readonly stack: SwarmStack;
  readonly spec: PlatformSpec;
  readonly environment: Environment;
  /** With nginx on it, and everything where there is one network. */
  readonly network: OverlayNetwork;
  /** With the backends on it: the same, unless the environment wants two. */
  readonly backNetwork: OverlayNetwork;
  readonly secrets: ReadonlyMap<string, SwarmSecret>;
  /** The config that holds launch.sh. */
  readonly launcher: SwarmConfig;
  readonly scripts: OperationScripts;
  readonly projectFolder: string;
}

interface Written {
  readonly image: string;
  readonly limits: Resources;
  readonly reservations?: Resources;
}

export interface Sized {
  readonly image: ImageRef;
  readonly limits: Resources;
  readonly reservations: Resources;
  readonly network: OverlayNetwork;
}

/** A service of the catalogue with what the environment says of its image and size. */
export function sized<T extends Written>(site: Site, id: string, written: T): Omit<T, keyof Sized> & Sized {
  const { environment, network, spec } = site;
  const limits = environment.limits(id, written.limits);
  return {
    ...written,
    network,
    limits,
    reservations: environment.reservations(id, limits, written.reservations),
    image: environment.image(id, written.image, id in spec.services),
  };
}
