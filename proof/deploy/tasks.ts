import { request } from 'node:http';

/** One question to the engine's socket. @throws Error when it does not answer with 200 */
export function askEngine<T>(socketPath: string, path: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, timeout: 10_000 }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', reject);
      response.on('end', () =>
        response.statusCode === 200
          ? resolve(JSON.parse(text) as T)
          : reject(new Error(`the engine answers ${response.statusCode} to ${path}`)),
      );
    });
    asked.on('timeout', () => asked.destroy(new Error(`no answer to ${path}`)));
    asked.on('error', reject);
    asked.end();
  });
}

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

/** Watches how much there is at once, until it is stopped. */
export function watchTasks(socketPath: string): { stop(): Usage } {
  let peak: Usage = { tasks: 0, cpus: 0 };
  let asking = false;
  const timer = setInterval(async () => {
    if (asking) return;
    asking = true;
    const all = await askEngine<Task[]>(socketPath, '/tasks').catch(() => []);
    const alive = all.filter(({ Status }) => ALIVE.includes(Status.State));
    const nano = alive.reduce((sum, { Spec }) => sum + (Spec?.Resources?.Reservations?.NanoCPUs ?? 0), 0);
    peak = { tasks: Math.max(peak.tasks, alive.length), cpus: Math.max(peak.cpus, nano / 1e9) };
    asking = false;
  }, 500);
  return {
    stop: () => {
      clearInterval(timer);
      return peak;
    },
  };
}

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

/** What a no-op left of each service's way back: how many specifications changed, how many `PreviousSpec` did. */
export function touched(before: readonly ServiceState[], after: readonly ServiceState[]): number {
  const old = new Map(before.map((service) => [service.Spec.Name, service]));
  return after.filter((service) => {
    const was = old.get(service.Spec.Name);
    return !was || was.Version.Index !== service.Version.Index;
  }).length;
}

export function previousSpecsChanged(
  before: readonly ServiceState[],
  after: readonly ServiceState[],
): number {
  const old = new Map(before.map((service) => [service.Spec.Name, JSON.stringify(service.PreviousSpec)]));
  return after.filter((service) => old.get(service.Spec.Name) !== JSON.stringify(service.PreviousSpec))
    .length;
}
