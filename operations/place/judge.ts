import { pinnedTo } from '../../constructs/units/place-label';
import type { SwarmNode } from '../docker/answers';
import { harmless } from '../terminal/untrusted';
import { fulfils } from './constraints';
import type { Placed, PlaceFacts } from './look';
import { type Marker, markerName } from './marker';

/** What is wrong, in one line, and what to do. */
export interface Problem {
  readonly text: string;
  readonly fix: string;
}

export interface Verdict {
  readonly problems: readonly Problem[];
  /** The node that has the data, or is to have it; undefined where nothing says so. */
  readonly home: SwarmNode | undefined;
  /** The label that the placement asks for is on no node. */
  readonly unlabelled: boolean;
  /** Nothing says where the data is, and nobody could look into the volumes of these. */
  readonly unseen: readonly SwarmNode[];
}

/** Whether a service may start, or start again, and finds its data where it does. */
export function judgePlace(placed: Placed, facts: PlaceFacts): Verdict {
  const { constraints, label } = placed;
  const { nodes, marker, ran } = facts;
  const known = marker?.node ?? ran?.node ?? (hasData(facts) ? facts.here : undefined);
  const pinned = constraints.includes(pinnedTo(label));
  const may = nodes.filter((node) => fulfils(node, constraints));
  const unlabelled = pinned && may.length === 0;
  // A new one goes to the node that was asked, as its volume can be seen there.
  const home = nodes.find(({ ID }) => ID === (known ?? (pinned ? facts.here : undefined)));
  const problems = [
    ...judgeData(placed, facts),
    ...(known !== undefined && !home
      ? [gone(placed, marker?.hostname ?? known)]
      : unlabelled
        ? []
        : judgeNodes(placed, may, known === undefined ? undefined : home)),
  ];
  const unseen = known === undefined ? nodes.filter(({ ID }) => ID !== facts.here) : [];
  return { problems, home, unlabelled, unseen };
}

/** What may be on nodes that nobody could look at. */
export const unseenProblem = ({ service, volumes }: Placed, unseen: readonly SwarmNode[]): Problem => ({
  text: `nothing remembers data of ${service}, and the volumes of ${unseen.map(nameOf).join(', ')} cannot be seen from here: where an older stack left some, ${service} comes up as a new one beside it`,
  fix: `look there: docker volume ls; where ${volumes.join(', ')} is, deploy with VPS_HOST naming that node first`,
});

const hasData = ({ volumes }: PlaceFacts): boolean =>
  [...volumes.values()].some((state) => state === 'data' || state === 'unknown');

/** There was data, and the service would start without it, or does so already. */
export function judgeData(
  { id, service }: Pick<Placed, 'id' | 'service'>,
  { nodes, marker, here, ran, volumes, identity }: PlaceFacts,
): Problem[] {
  if (!marker) return [];
  const forget = `./proctor data forget ${id} (or docker config rm ${markerName(service)}), and deploy again`;
  const hasBeen = `has been on ${harmless(marker.hostname)} since ${marker.since.slice(0, 10)}`;
  const was = `its data ${hasBeen}`;
  if (ran && isElsewhere(ran, marker)) {
    const other = nodes.find(({ ID }) => ID === ran.node);
    return [
      {
        text: `${service} runs on ${other ? nameOf(other) : ran.node}, and ${was}: it has come up as a new one, or beside its data`,
        fix: `which of the two counts? the older: stop the service (docker service scale ${service}=0) and bring it back to that node, docs/data.md; what runs now: ${forget}`,
      },
    ];
  }
  if (identity === 'another') {
    const had = `that which ${hasBeen}`;
    const counts = `or, where what is there now counts, as a new one or a restored one: ${forget}`;
    return [
      ran?.now
        ? {
            text: `${service} runs on other data than ${had}: it has come up as a new one (its disk was not mounted? its volume was removed?), or on a copy without its id`,
            fix: `bring the old back: stop the service (docker service scale ${service}=0), mount the disk or bring the volume back (docs/data.md), and start it (docker service scale ${service}=1); ${counts}`,
          }
        : {
            text: `${marker.data?.volumes.join(', ')} has other data than ${had}: ${service} would come up on it`,
            fix: `mount the disk, or bring the old data back (docs/data.md); ${counts}`,
          },
    ];
  }
  if (marker.node !== here) return [];
  const missing = [...volumes].filter(([, state]) => state === 'absent' || state === 'empty');
  return missing.map(([volume, state]) => ({
    text: `the volume ${volume} ${state === 'empty' ? 'is empty' : 'is not there'}, and ${was}: ${service} would come up as a new one`,
    fix: `bring the data back into ${volume} (docs/data.md); or, where it is to be a new one: ${forget}`,
  }));
}

/** It has come up where its data is not. */
export const isElsewhere = (ran: PlaceFacts['ran'], marker: Marker | undefined): boolean =>
  Boolean(ran?.now && marker && ran.node !== marker.node);

const gone = ({ id, service }: Placed, node: string): Problem => ({
  text: `the data of ${service} is on the node ${harmless(node)}, which is not in the Swarm any more`,
  fix: `bring that node back; or bring its data to another (docs/data.md), then ./proctor data forget ${id} (or docker config rm ${markerName(service)}), and deploy again`,
});

function judgeNodes(
  { id, service, constraints, label }: Placed,
  may: readonly SwarmNode[],
  home: SwarmNode | undefined,
): Problem[] {
  const where = constraints.join(' and ') || 'no placement';
  const [first, ...more] = may;
  if (!first) {
    return [
      {
        text: `no node fulfils ${where}: ${service} would wait for one`,
        fix: `placement: 'pinned' for ${id} in services.config.ts, or label the node that has its volume: docker node update --label-add`,
      },
    ];
  }
  if (more.length > 0) {
    const names = may.map(nameOf).join(', ');
    return [
      {
        text: `${service} may start on each of ${names} (${where})${home ? `, and its data is on ${nameOf(home)}` : ''}: on another node it would come up as a new one`,
        fix: constraints.includes(pinnedTo(label))
          ? `leave the label on the node that has its volume alone: docker node update --label-rm ${label} <other node>`
          : `placement: 'pinned' for ${id} in services.config.ts, which restarts nothing`,
      },
    ];
  }
  if (!home || first.ID === home.ID) return [];
  return [
    {
      text: `${service} would start on ${nameOf(first)} (${where}), and its data is on ${nameOf(home)}: it would come up as a new one`,
      fix: constraints.includes(pinnedTo(label))
        ? `docker node update --label-add ${label}=true ${nameOf(home)} && docker node update --label-rm ${label} ${nameOf(first)}; is the data to be that of ${nameOf(first)}: ./proctor data forget ${id}`
        : `placement: 'pinned' for ${id} in services.config.ts; is the data to be that of ${nameOf(first)}: ./proctor data forget ${id}`,
    },
  ];
}

export const nameOf = ({ Description }: SwarmNode): string => harmless(Description.Hostname);
