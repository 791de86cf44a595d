import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { NAMESPACE } from '../../lab/deploy/target';
import type { Watch } from '../load/under-load';
import { askEngine } from '../platform/engine';

/** What the engine tells of a service's container. */
export interface ContainerEvent {
  /** Without the stack's name. */
  readonly service: string;
  readonly container: string;
  readonly what: 'healthy' | 'stopping' | 'gone';
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What became of one service's tasks. */
export interface Served {
  readonly service: string;
  /** Tasks of before that are gone. */
  readonly replaced: number;
  /** Times in which no task was healthy and was not told to stop, in milliseconds since 1970. */
  readonly outages: readonly { readonly from: number; readonly to: number }[];
}

interface Container {
  readonly Id: string;
  readonly Labels: Readonly<Record<string, string>>;
}

const SERVICE = 'com.docker.swarm.service.name';
const label = `com.docker.stack.namespace=${NAMESPACE}`;
const filtered = (filters: object) => `filters=${encodeURIComponent(JSON.stringify(filters))}`;

/** Which services had no task that serves, and for how long: by the engine's own word, event by event. */
export function outages(socketPath: string): Watch<readonly Served[]> {
  const events: ContainerEvent[] = [];
  let before: ContainerEvent[] = [];
  let close = () => {};
  return {
    start: async () => {
      close = await follow(socketPath, (event) => events.push(event));
      const path = `/containers/json?${filtered({ label: [label], health: ['healthy'] })}`;
      const at = Date.now();
      before = (await askEngine<Container[]>(socketPath, path)).map(({ Id: container, Labels }) => ({
        service: nameOf(Labels[SERVICE]),
        container,
        what: 'healthy',
        at,
      }));
    },
    stop: () => close(),
    report: ({ end }) => servedOf(before, events, end),
  };
}

/** @param before a task that is healthy at the start, each @param end in milliseconds since 1970, for what is not over */
export function servedOf(
  before: readonly ContainerEvent[],
  events: readonly ContainerEvent[],
  end: number,
): Served[] {
  const services = [...new Set(before.map(({ service }) => service))].sort();
  return services.map((service) => {
    const first = new Set(before.filter((one) => one.service === service).map(({ container }) => container));
    const healthy = new Set(first);
    const stopping = new Set<string>();
    const gone = new Set<string>();
    const outages: { from: number; to: number }[] = [];
    let from: number | undefined;
    for (const { container, what, at } of events.filter((event) => event.service === service)) {
      if (what === 'healthy' && !stopping.has(container)) healthy.add(container);
      if (what !== 'healthy') {
        stopping.add(container);
        healthy.delete(container);
      }
      if (what === 'gone' && first.has(container)) gone.add(container);
      if (healthy.size === 0) from ??= at;
      else if (from !== undefined) {
        outages.push({ from, to: at });
        from = undefined;
      }
    }
    if (from !== undefined) outages.push({ from, to: end });
    return { service, replaced: gone.size, outages };
  });
}

const nameOf = (service = ''): string => service.slice(NAMESPACE.length + 1);

interface Told {
  readonly Action: string;
  readonly timeNano: number;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
}

/** SIGHUP is for reading something again. */
const HANGUP = '1';

function eventOf({ Action, timeNano, Actor }: Told): ContainerEvent | undefined {
  const service = Actor.Attributes[SERVICE];
  const stops = Action === 'kill' && Actor.Attributes.signal !== HANGUP;
  const what = stops
    ? 'stopping'
    : ({ 'health_status: healthy': 'healthy', 'health_status: unhealthy': 'gone', die: 'gone' } as const)[
        Action
      ];
  return service && what
    ? { service: nameOf(service), container: Actor.ID, what, at: timeNano / 1e6 }
    : undefined;
}

/** Resolves as soon as the engine tells what happens. @returns what ends it */
function follow(socketPath: string, onEvent: (event: ContainerEvent) => void): Promise<() => void> {
  const path = `/events?${filtered({ type: ['container'], label: [label] })}`;
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path }, (response) => {
      const lines = createInterface({ input: response }).on('line', (line) => {
        const event = eventOf(JSON.parse(line) as Told);
        if (event) onEvent(event);
      });
      // It ends when it is told to, which its reader is told as an error, too.
      for (const told of [response, lines]) told.on('error', () => {});
      resolve(() => asked.destroy());
    });
    asked.on('error', reject);
    asked.end();
  });
}
