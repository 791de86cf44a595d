import type { Template } from '../swarm/records';

/** How a program behaves from one start on. Times count from that start, in milliseconds. */
export interface Program {
  /** From then on its health check passes. */
  readonly readyMs: number;
  /** It ends by itself. */
  readonly ends?: { readonly afterMs: number; readonly code: number; readonly outOfMemory?: boolean };
  /** Its health check fails from then on. */
  readonly sickAfterMs?: number;
  /** The engine cannot start it, and says this. */
  readonly startError?: string;
  /** From the signal to its end; longer than the grace period it is killed. */
  readonly stopMs: number;
  readonly stopCode: number;
}

/** What becomes of an image that a node has not got. */
export interface Pull {
  readonly ms: number;
  readonly fails: boolean;
}

/** When a health check of Docker says something of a program: after its start, in milliseconds; undefined for never. */
export interface Health {
  readonly healthyAt?: number;
  readonly sickAt?: number;
}

/** daemon/health.go of moby: a probe each interval; failures within the start period do not count before the first success. */
export function healthOf({ readyMs, sickAfterMs }: Program, template: Template): Health | undefined {
  const check = template.ContainerSpec.Healthcheck;
  if (!check || check.Test?.[0] === 'NONE') return undefined;
  const interval = (check.Interval || 30e9) / 1e6;
  const retries = check.Retries || 3;
  const startPeriod = (check.StartPeriod ?? 0) / 1e6;
  const probeFrom = (ms: number) => Math.max(1, Math.ceil(ms / interval)) * interval;
  const sick = sickAfterMs ?? Number.POSITIVE_INFINITY;
  const first = probeFrom(readyMs);
  const gaveUp = (Math.max(0, Math.floor(startPeriod / interval)) + retries) * interval;
  if (first >= sick || gaveUp < first) return { sickAt: gaveUp };
  if (sick === Number.POSITIVE_INFINITY) return { healthyAt: first };
  return { healthyAt: first, sickAt: probeFrom(Math.max(sick, first + 1)) + (retries - 1) * interval };
}

/** moby's stop: SIGTERM, then SIGKILL after the grace period. */
export function stopOf(program: Program, template: Template): { readonly ms: number; readonly code: number } {
  const grace = (template.ContainerSpec.StopGracePeriod ?? 10e9) / 1e6;
  return program.stopMs > grace ? { ms: grace, code: 137 } : { ms: program.stopMs, code: program.stopCode };
}
