import { otherSeries } from '../../images/series';
import { formatAge } from '../../terminal/quantities';
import type { Json, ResourceChange } from '../../terraform/document';
import { unwrittenIn } from '../by-hand/unwritten';
import { type Differences, differencesOf, isOfTasks, movedLists } from './differences';
import { estimateReplacement, estimateRoll, estimateStart } from './estimate';
import type { BinaryLog } from './model';
import type { Known, Parts } from './service-parts';
import { type ServiceView, viewOf } from './service-view';
import { volumesOf } from './volumes';

/** @param always the update restarts tasks whatever it changes */
export function updated({ change }: ResourceChange, known: Known, always = false): Parts {
  const { before, after, after_unknown } = change;
  const differences = differencesOf(before, after, after_unknown);
  const view = viewOf(after);
  const shuffled = view.envEntries > 1;
  const pins = known.stateful && pinsAlone(differences, after);
  const moved = movedLists(after, known.present);
  const lost = unwrittenIn(known.present ?? {});
  const restarts =
    always || (differences.restarts && !pins) || shuffled || moved.length > 0 || lost.length > 0;
  const words = inWords(differences);
  const { volumes, risks } = volumesOf(before, after);
  const log = known.stateful && !viewOf(before).binaryLog ? view.binaryLog : undefined;
  return {
    ...words,
    ...(restarts ? rolling(view, known, differences.replicas?.from) : staying(differences, view)),
    // The provider plans it as an update. "service mode change is not allowed", says the manager in the apply.
    ...(differences.others.includes('mode') ? { refused: OTHER_MODE } : {}),
    volumes,
    ...(log ? { binaryLog: log } : {}),
    risks: [...risks, ...(known.stateful ? statefulRisks(differences, isPinned(after)) : [])],
    notes: [
      ...lostInWords(lost),
      ...(log ? [binaryLogInWords(log)] : []),
      ...(pins && !restarts
        ? [
            'a step labels the node that has its volume, and Swarm restarts nothing for what that node fulfils',
          ]
        : []),
      ...(shuffled && !differences.restarts
        ? [
            `its ${view.envEntries} env entries are written in random order, so that any update restarts tasks`,
          ]
        : []),
      ...(moved.length > 0 && !always && (pins || !differences.restarts) ? [movedInWords(moved)] : []),
      ...(restarts && !view.health ? ['no health check: tasks get requests before they are ready'] : []),
    ],
  };
}

/** What it takes, as far as the plan itself says it. */
const binaryLogInWords = ({ keepsSeconds }: BinaryLog): string =>
  `its binary log comes on and takes disk beside the data: ${
    keepsSeconds === undefined
      ? 'all that is ever written, since nothing removes it (--binlog-expire-logs-seconds)'
      : `what is written in ${formatAge(keepsSeconds * 1000)}`
  }`;

const movedInWords = (lists: readonly string[]): string =>
  `its ${lists.join(' and ')} are on the server in another order than the provider writes them, as a docker service update by hand leaves them: for Swarm that is a change of its tasks`;

const lostInWords = (fields: readonly string[]): string[] =>
  fields.length > 0
    ? [
        `it has ${fields.join(' and ')} by hand, which neither the catalogue nor Terraform's provider can say: this takes that away, and for Swarm it is a change of its tasks`,
      ]
    : [];

const OTHER_MODE = 'Swarm does not change the mode of a service: remove it in one deploy, add it in the next';

/** Destroyed, then made: Terraform's only way for what Swarm or the provider cannot change. */
export function replaced(resource: ResourceChange, known: Known): Parts {
  const { change } = resource;
  const { before, after, after_unknown } = change;
  const { volumes, risks } = volumesOf(before, after, true);
  const differences = differencesOf(before, after, after_unknown);
  const reasons = (change.replace_paths ?? []).flat();
  // What it is replaced for is told already.
  const others = differences.others.filter((field) => !reasons.includes(field.split(' ')[0]!));
  const how = reasonsOf(resource);
  return {
    ...inWords({ ...differences, others }, how),
    how,
    restarts: true,
    downtime: true,
    estimate: estimateReplacement(viewOf(after)),
    volumes,
    notes: lostInWords(unwrittenIn(known.present ?? {})),
    risks: [
      ...risks,
      ...(known.stateful ? ['the service that holds the data is removed and recreated'] : []),
    ],
  };
}

export function inWords({ image, replicas, others }: Differences, otherwise = 'settings') {
  const parts = [
    ...(image ? [`${image.from} → ${image.to}`] : []),
    ...(replicas ? [`${replicas.from} → ${replicas.to} replicas`] : []),
    ...others,
  ];
  return { what: parts.join(', ') || otherwise, ...(image ? { image } : {}) };
}

function rolling(view: ServiceView, { background }: Known, present?: number) {
  const estimate = estimateRoll(view, present);
  if (background && estimate.downtimeSeconds > 0) {
    const calm = { ...estimate, downtimeSeconds: 0 };
    return { how: 'restarts, nobody waits for it', restarts: true, downtime: false, estimate: calm };
  }
  const downtime = estimate.downtimeSeconds > 0;
  const one = view.order === 'stop-first' && !downtime ? ', one task fewer meanwhile' : '';
  return {
    how: downtime ? 'restarts' : `rolling, ${view.order}${one}`,
    restarts: true,
    downtime,
    estimate,
    ...(view.health ? {} : { unready: true as const }),
  };
}

function staying({ replicas }: Differences, view: ServiceView) {
  const more = (replicas?.to ?? 0) - (replicas?.from ?? 0);
  const calm = { restarts: false, downtime: false };
  if (more > 0) {
    const estimate = estimateStart(view);
    return { ...calm, adds: true as const, how: 'new tasks beside the present ones', estimate };
  }
  const estimate = { seconds: more < 0 ? view.drain : 0, downtimeSeconds: 0 };
  return { ...calm, how: more < 0 ? 'surplus tasks stop' : 'no task restarts', estimate };
}

function statefulRisks({ image, others }: Differences, pinned: boolean): string[] {
  return [
    ...(image ? [opening(image)] : []),
    ...(others.includes('placement') && !pinned
      ? ['its volume stays on the node where it is: on another node it starts empty']
      : []),
  ];
}

function opening({ from, to }: NonNullable<Differences['image']>): string {
  const series = otherSeries(from, to);
  const major = series ? `, another major version (${series[0]} → ${series[1]}),` : '';
  return `once ${to}${major} has opened the data, ${from} may not read it: have a backup`;
}

/** Nothing of its tasks changes, but that their node has to have the label which its step sets. */
const pinsAlone = ({ image, others }: Differences, after: Json): boolean =>
  isPinned(after) &&
  !image &&
  others.includes('placement') &&
  others.every((field) => field === 'placement' || !isOfTasks(field));

/** Its one constraint is the label of `placement: 'pinned'`. */
function isPinned(after: Json): boolean {
  const { constraints = [] } = after?.task_spec?.[0]?.placement?.[0] ?? {};
  const [, namespace, id] = /^node\.labels\.(.+)\.([^.]+)==true$/.exec(constraints[0] ?? '') ?? [];
  return constraints.length === 1 && after.name === `${namespace}_${id}`;
}

/** Parts of Terraform's `replace_paths`, and the word for each. */
const REASONS: readonly [part: string, word: string][] = [
  ['networks_advanced', 'network'],
  ['mounts', 'mount'],
  ['labels', 'label'],
  ['hosts', 'hosts'],
  ['sysctl', 'sysctl'],
  ['isolation', 'isolation'],
  ['auth', 'auth'],
  ['mode', 'mode'],
  ['name', 'name'],
];

function reasonsOf({ action_reason, change }: ResourceChange): string {
  if (action_reason === 'replace_because_tainted') return 'its last change failed half-way';
  if (action_reason === 'replace_by_request') return 'asked for';
  if (action_reason === 'replace_by_triggers') return 'what it follows changed';
  const words = (change.replace_paths ?? []).map(
    (path) => REASONS.find(([part]) => path.includes(part))?.[1] ?? path.join('.'),
  );
  return words.length > 0 ? `${[...new Set(words)].join(' and ')} changed` : 'cannot be updated in place';
}
