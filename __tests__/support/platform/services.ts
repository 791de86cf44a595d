import {
  Healthcheck,
  OverlayNetwork,
  SwarmService,
  type SwarmServiceProps,
  type SwarmStack,
  UpdatePolicy,
} from '../../../constructs/swarm';
import { Cpu, Duration, ImageRef, Memory } from '../../../constructs/units';

export const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
export const PINNED = ImageRef.of(`ghcr.io/acme/api:1.8.2@${DIGEST}`);

export const resources = (cpus: number, mebibytes: number) => ({
  cpus: Cpu.cores(cpus),
  memory: Memory.mebibytes(mebibytes),
});

export const networkOf = (stack: SwarmStack): OverlayNetwork =>
  (stack.node.tryFindChild('mesh') as OverlayNetwork | undefined) ?? new OverlayNetwork(stack, 'mesh');

/** A service with nothing but what must be said, and no rule broken; `props` say otherwise. */
export const newService = (
  stack: SwarmStack,
  id: string,
  props: Partial<SwarmServiceProps> = {},
): SwarmService =>
  new SwarmService(stack, id, {
    image: PINNED,
    replicas: 2,
    limits: resources(0.5, 512),
    reservations: resources(0.25, 256),
    healthcheck: Healthcheck.command(['true']),
    network: networkOf(stack),
    updatePolicy: UpdatePolicy.startFirst(),
    stopGracePeriod: Duration.seconds(10),
    capDrop: ['ALL'],
    ...props,
  });
