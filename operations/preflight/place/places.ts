import { pinnedTo } from '../../../constructs/units/place-label';
import type { SwarmNode } from '../../docker/answers';
import { fulfils } from '../../place/constraints';
import { judgePlace, nameOf, unseenProblem } from '../../place/judge';
import type { DeclaredService, SynthesizedStack } from '../../stack/synthesized';
import { type Finding, failure, ok, warning } from '../../terminal/finding';
import type { Places } from './gather';

const CHECK = 'place';
const DEMOTE = 'leave one manager: docker node demote <other node>';
const ACKNOWLEDGED = "as acknowledged ('one-place'): right where the volumes are one, on a network";

/** Each service starts where its data is, or nothing starts. */
export function judgePlaces(
  { nodes, stateful }: Places,
  { services, settings }: Pick<SynthesizedStack, 'services' | 'settings'>,
): Finding[] {
  const withData = stateful.map((one) => ({ id: one.placed.id, found: judgeStateful(one) }));
  const others = services
    .filter(({ id, volumes }) => volumes.length > 0 && !settings.stateful?.includes(id))
    .flatMap((service) => judgeShared(service, nodes, service.id in (settings.sharedVolumes ?? {})));
  const atHome = withData.filter(({ found }) => found.length === 0).map(({ id }) => id);
  return [
    ...withData.flatMap(({ found }) => found),
    ...others,
    ...(atHome.length > 0 ? [ok(CHECK, `${atHome.join(', ')}: where the data is`)] : []),
  ];
}

function judgeStateful({ placed, facts }: Places['stateful'][number]): Finding[] {
  const { problems, home, unlabelled, unseen } = judgePlace(placed, facts);
  if (problems.length > 0) return problems.map(({ text, fix }) => failure(CHECK, text, fix));
  const { text, fix } = unseenProblem(placed, unseen);
  const warnings = unseen.length > 0 ? [warning(CHECK, text, fix)] : [];
  if (!unlabelled || !home) return warnings;
  const { label, service } = placed;
  // The step sets it where the service changes: nothing does here, or it would have been set.
  if (facts.inForce?.includes(pinnedTo(label))) {
    return [
      failure(
        CHECK,
        `the label ${label} is gone from ${nameOf(home)}, which has the data of ${service}: it finds no node`,
        `docker node update --label-add ${label}=true ${nameOf(home)}`,
      ),
    ];
  }
  return [...warnings, ok(CHECK, `the deploy labels ${nameOf(home)} ${label}=true: ${service} stays there`)];
}

/** Of a volume that several tasks share, each node makes one of its own. */
function judgeShared(
  { id, constraints, volumes }: DeclaredService,
  nodes: readonly SwarmNode[],
  isApplication: boolean,
): Finding[] {
  const may = nodes.filter((node) => fulfils(node, constraints));
  if (may.length < 2) return [];
  const names = may.map(nameOf).join(', ');
  if (volumes.every((volume) => volume.endsWith(`_${id}_runs`))) {
    return [
      warning(
        CHECK,
        `the job ${id} may run on each of ${names}, and each has its own memory of what ran`,
        `placement for ${id} in services.config.ts: a constraint that one node fulfils`,
      ),
    ];
  }
  const text = `tasks of ${id} may start on each of ${names}, and each has a volume ${volumes.join(', ')} of its own: what one writes the others do not see`;
  return isApplication
    ? [
        failure(
          CHECK,
          text,
          `placement: 'node.labels.<name>==true' for ${id} in services.config.ts, with that label on one node (docker node update --label-add <name>=true <node>); where the volumes are one, on a network: acknowledge: { 'one-place': '<why>' }`,
        ),
      ]
    : [warning(CHECK, text, constraints.includes('node.role==manager') ? DEMOTE : ACKNOWLEDGED)];
}
