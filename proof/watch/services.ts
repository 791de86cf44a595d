import type { Watch } from '../load/under-load';
import { askEngine } from '../platform/engine';

export interface ServiceState {
  readonly Spec: { readonly Name: string };
  readonly PreviousSpec?: object;
  readonly UpdateStatus?: {
    readonly State?: string;
    readonly StartedAt?: string;
    readonly CompletedAt?: string;
  };
  readonly Version: { readonly Index: number };
}

export const servicesOf = (socketPath: string): Promise<ServiceState[]> =>
  askEngine<ServiceState[]>(socketPath, '/services');

/** How many services were changed. */
export function touched(before: readonly ServiceState[], after: readonly ServiceState[]): number {
  const old = new Map(before.map((service) => [service.Spec.Name, service]));
  return after.filter((service) => {
    const was = old.get(service.Spec.Name);
    return !was || was.Version.Index !== service.Version.Index;
  }).length;
}

/** How many have another way back: a no-op must leave it. */
export function previousSpecsChanged(
  before: readonly ServiceState[],
  after: readonly ServiceState[],
): number {
  const old = new Map(before.map((service) => [service.Spec.Name, JSON.stringify(service.PreviousSpec)]));
  return after.filter((service) => old.get(service.Spec.Name) !== JSON.stringify(service.PreviousSpec))
    .length;
}

/** The services as they were and as they are. */
export interface ServicesSeen {
  readonly before: readonly ServiceState[];
  readonly after: readonly ServiceState[];
}

export function serviceStates(socketPath: string): Watch<ServicesSeen> {
  let before: readonly ServiceState[] = [];
  return {
    start: async () => {
      before = await servicesOf(socketPath);
    },
    report: async () => ({ before, after: await servicesOf(socketPath) }),
  };
}
