import { actionOf, idOf, type Json, type ResourceChange } from '../../terraform/document';
import { estimateMove } from './estimate';
import type { PortMove, ServiceChange } from './model';
import { viewOf } from './service-view';

/**
 * Published ports that one service gives up and another takes within one plan. Each service alone may roll without an
 * interruption; the port has nobody from the one's last task to the other's first.
 */
export function portMovesOf(changes: readonly ResourceChange[]): PortMove[] {
  const services = changes.filter(({ type, deposed }) => type === 'docker_service' && !deposed);
  return services.flatMap((giver) =>
    services.flatMap((taker) => {
      const taken = taker === giver ? [] : newlyPublished(taker);
      const ports = givenUp(giver).filter((port) => taken.includes(port));
      return ports.length > 0 ? [{ ports, from: idOf(giver), to: idOf(taker) }] : [];
    }),
  );
}

/** What a service no longer publishes. One that Terraform only forgets runs on, and keeps its ports. */
function givenUp(resource: ResourceChange): string[] {
  const { before, after } = resource.change;
  if (actionOf(resource) === 'forget') return [];
  const kept = portsOf(after);
  return portsOf(before).filter((port) => !kept.includes(port));
}

function newlyPublished({ change: { before, after } }: ResourceChange): string[] {
  const had = portsOf(before);
  return portsOf(after).filter((port) => !had.includes(port));
}

/** `443/tcp`, in either mode of publishing: Swarm gives a port to one service only. */
const portsOf = (service: Json): string[] =>
  (service?.endpoint_spec?.[0]?.ports ?? [])
    .filter((port: Json) => port.published_port > 0)
    .map((port: Json) => `${port.published_port}/${port.protocol ?? 'tcp'}`);

/** The changes, with what moves between them: the one that takes a port has the downtime, from when it is given up. */
export function withPortMoves(
  services: readonly ServiceChange[],
  changes: readonly ResourceChange[],
): ServiceChange[] {
  const moves = portMovesOf(changes);
  const resourceOf = (id: string) =>
    changes.find((one) => one.type === 'docker_service' && !one.deposed && idOf(one) === id)!;
  return services.map((change) => {
    const { service } = change;
    const portMoves = moves.filter(({ from, to }) => from === service || to === service);
    const gone = givenUp(resourceOf(service)).filter(
      (port) => !portMoves.some(({ ports }) => ports.includes(port)),
    );
    const stays = change.action !== 'destroy' && gone.length > 0;
    const notes = stays ? [...change.notes, `nobody publishes ${listed(gone)} any more`] : change.notes;
    if (portMoves.length === 0) return { ...change, notes };
    const gaps = portMoves
      .filter(({ to }) => to === service)
      .map(({ from }) =>
        estimateMove(
          resourceOf(from).change.after ? viewOf(resourceOf(from).change.after) : undefined,
          viewOf(resourceOf(service).change.after),
        ),
      );
    if (gaps.length === 0) return { ...change, notes, portMoves };
    const downtimeSeconds = Math.max(change.downtimeSeconds, ...gaps);
    return { ...change, notes, portMoves, downtime: true, downtimeSeconds };
  });
}

/**
 * Moves that would never end: the one that takes waits for a port that the other gives up only after it. Within one wave
 * each goes its way, and the task that takes waits for the port.
 */
export function portRefusals(
  services: readonly ServiceChange[],
  waves: readonly { readonly id: string; readonly wave: number }[],
): string[] {
  const waveOf = (id: string) => waves.find((one) => one.id === id)?.wave;
  const moves = services.flatMap(({ service, portMoves = [] }) =>
    portMoves.filter(({ to }) => to === service),
  );
  return moves.flatMap(({ from, to, ports }) => {
    const [giver, taker] = [waveOf(from), waveOf(to)];
    return giver !== undefined && taker !== undefined && taker < giver
      ? [
          `${to} takes ${listed(ports)} before ${from} gives it up, and would wait forever: take the port from ${from} in one deploy, give it to ${to} in the next`,
        ]
      : [];
  });
}

/** It runs on, and another takes what it published. */
export const givesUpPorts = ({ service, action, portMoves = [] }: ServiceChange): boolean =>
  action !== 'destroy' && portMoves.some(({ from }) => from === service);

const listed = (ports: readonly string[]): string => ports.join(', ');

/** `takes 443/tcp from nginx`, at the one that takes; `gives up 443/tcp, which edge takes`, at the other. */
export const movesInWords = ({ service, portMoves = [] }: ServiceChange): string[] =>
  portMoves.map(({ ports, from, to }) =>
    to === service ? `takes ${listed(ports)} from ${from}` : `gives up ${listed(ports)}, which ${to} takes`,
  );
