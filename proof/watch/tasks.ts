import type { Watch } from '../load/under-load';
import { askEngine } from '../platform/engine';

interface Task {
  readonly Status: { readonly State: string };
  readonly Spec?: { readonly Resources?: { readonly Reservations?: { readonly NanoCPUs?: number } } };
}

/** Tasks at once, and the CPUs that they have reserved. */
export interface Usage {
  readonly tasks: number;
  readonly cpus: number;
}

/** States in which a task takes room on the node. */
const ALIVE = ['assigned', 'accepted', 'preparing', 'ready', 'starting', 'running'];

/** The most that there is at once. */
export function peakUsage(socketPath: string): Watch<Usage> {
  let peak: Usage = { tasks: 0, cpus: 0 };
  let asking = false;
  let timer: NodeJS.Timeout | undefined;
  const look = async () => {
    if (asking) return;
    asking = true;
    const all = await askEngine<Task[]>(socketPath, '/tasks').catch(() => []);
    const alive = all.filter(({ Status }) => ALIVE.includes(Status.State));
    const nano = alive.reduce((sum, { Spec }) => sum + (Spec?.Resources?.Reservations?.NanoCPUs ?? 0), 0);
    peak = { tasks: Math.max(peak.tasks, alive.length), cpus: Math.max(peak.cpus, nano / 1e9) };
    asking = false;
  };
  return {
    start: () => {
      timer = setInterval(look, 500);
    },
    stop: () => clearInterval(timer),
    report: () => peak,
  };
}
