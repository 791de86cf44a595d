import { WARN_DAYS } from '../certificates/expiry';
import type { Need } from '../policy/need';
import { paceInWords } from '../records/pace';
import { formatSeconds } from '../terminal/quantities';
import { pad } from '../terminal/table';
import { oneLine } from '../terminal/untrusted';
import { textWidth } from '../terminal/width';
import { wrap } from '../terminal/wrap';
import { type Capacity, capacityInWords } from './capacity';
import type { ObjectChange, ReadablePlan, ServiceChange } from './changes/model';
import { givesUpPorts, movesInWords } from './changes/ports';

export const LABELS: Readonly<Record<ServiceChange['action'], string>> = {
  create: 'create',
  update: 'update',
  replace: 'REPLACE',
  destroy: 'REMOVE',
  import: 'import',
  forget: 'forget',
};

/** In capitals only what a reviewer has to stop at: that a secret is another object is how it changes. */
const labelOf = ({ action, risk }: ObjectChange): string => {
  if (risk) return LABELS[action];
  return { replace: 'renew', destroy: 'remove' }[action as string] ?? action;
};

interface Told {
  readonly capacity?: Capacity | undefined;
  readonly hostNeeds?: readonly Need[];
  /** Where text that is longer goes on below. @default one line each, however long */
  readonly columns?: number | undefined;
}

/** Narrower than that text goes on below the name. */
const LEAST = 24;

/** For people, one line for each service and object, and what belongs to it indented below. */
export function planLines(
  plan: ReadablePlan,
  { capacity, hostNeeds = [], columns = Infinity }: Told = {},
): string[] {
  const { services, objects, provisioning, certificates, acknowledgedRules } = plan;
  const names = [
    ...services.map(({ service }) => service),
    ...objects.map(({ kind, name }) => `${kind} ${name}`),
  ];
  const width = Math.max(0, ...names.map(textWidth));
  const indent = 8 + width + 2 + LEAST <= columns ? 8 + width + 2 : 8;
  const below = (text: string) =>
    wrap(oneLine(text), columns - indent).map((part) => `${' '.repeat(indent)}${part}`);
  const line = (label: string, name: string, text: string) => {
    const lead = oneLine(`${pad(label, 8)}${pad(name, width)}  `);
    const first = `${lead}${oneLine(text)}`;
    if (textWidth(first) <= columns) return [first];
    const lines = below(text);
    return indent > 8 ? [lead + lines[0]!.trimStart(), ...lines.slice(1)] : [lead.trimEnd(), ...lines];
  };
  return [
    ...services.flatMap((change) => [
      ...line(LABELS[change.action], change.service, serviceInWords(change)),
      ...asides(change).flatMap(below),
    ]),
    ...objects.flatMap((change) => line(labelOf(change), `${change.kind} ${change.name}`, change.what)),
    ...[
      ...provisioning,
      ...certificates.map(certificateInWords),
      ...acknowledgedRules.map((rule) => `acknowledged: ${rule}`),
      ...totalsInWords(plan, hostNeeds),
      ...(capacity ? [capacityInWords(capacity)] : []),
    ].map(oneLine),
  ];
}

/** `image web:v1 → web:v2 · rolling, start-first · about 26 s · no downtime` */
export const serviceInWords = (change: ServiceChange): string =>
  [
    ...(change.what === change.how ? [] : [whatInWords(change)]),
    ...change.drift,
    ...movesInWords(change),
    ...effectsOf(change),
  ].join(' · ');

export const whatInWords = ({ what, image }: ServiceChange): string => `${image ? 'image ' : ''}${what}`;

/** What it means for those who use the service. Nothing in it comes from outside. */
export function effectsOf(change: ServiceChange): string[] {
  const { action, how, seconds, restarts, slowStartSeconds } = change;
  const slow =
    restarts && slowStartSeconds ? ` (a start may take up to ${formatSeconds(slowStartSeconds)})` : '';
  const lasts = action === 'replace' ? Math.max(seconds, change.downtimeSeconds) : seconds;
  const about = `about ${formatSeconds(lasts)}${slow}`;
  // What was seen, beside what the service says of itself.
  const pace = restarts && change.pace ? `; ${paceInWords(change.pace)}` : '';
  if (change.refused) return ['cannot be applied'];
  if (action === 'replace') return [`(${how})`, `DOWNTIME ${about}: its tasks stop before new ones start`];
  if (action === 'destroy') return ['DOWNTIME: its tasks stop for good'];
  if (!change.downtime) {
    const calm = change.unready ? 'requests may fail' : 'no downtime';
    const end = givesUpPorts(change) ? 'DOWNTIME of its ports until then' : calm;
    return [how, ...(seconds > 0 ? [`${about}${pace}`] : []), ...(action === 'create' ? [] : [end])];
  }
  const wait = change.whoWaits ? `${change.whoWaits} wait` : 'DOWNTIME';
  return [how, `${wait} about ${formatSeconds(change.downtimeSeconds)}${slow}${pace}`];
}

export const asides = ({ risks, volumes, notes }: ServiceChange): string[] => [
  ...risks.map((risk) => `RISK: ${risk}`),
  ...volumes,
  ...notes,
];

export const objectInWords = ({ kind, name, what }: ObjectChange): string => `${kind} ${name}: ${what}`;

export function certificateInWords({
  name,
  until,
  days,
  what,
}: ReadablePlan['certificates'][number]): string {
  const left = days < 0 ? 'EXPIRED' : days <= WARN_DAYS ? `${days} days, EXPIRES SOON` : `${days} days`;
  return `certificate ${name}: valid until ${until} (${left}), ${what}`;
}

/** @param hostNeeds what befalls every task first, so that the services' own part is not all there is */
export function totalsInWords(
  { totals, services, others, steps }: ReadablePlan,
  hostNeeds: readonly Need[] = [],
): string[] {
  const { rolled, restarted, inPlace, created, replaced, removed, seconds } = totals;
  const parts = [
    ...counted(created, 'is new', 'are new'),
    ...counted(rolled, 'rolls', 'roll'),
    ...counted(restarted, 'restarts', 'restart'),
    ...counted(inPlace, 'changes in place', 'change in place'),
    ...counted(replaced, 'is replaced', 'are replaced'),
    ...counted(removed, 'is removed', 'are removed'),
  ];
  const time = seconds > 0 ? `; about ${formatSeconds(seconds)} with what the gates watch` : '';
  const down = [
    ...hostNeeds.map(() => 'every service while Docker restarts'),
    ...services.filter(({ downtime }) => downtime).flatMap(downtimeOf),
  ];
  return [
    ...(services.length > 0 ? [`services: ${parts.join(', ') || 'none changes'}${time}`] : []),
    ...(down.length > 0 ? [`downtime: ${down.join(', ')}`] : services.length > 0 ? ['downtime: none'] : []),
    ...others,
    ...(steps > 0 ? [steps === 1 ? '1 step checks it' : `${steps} steps, gates among them, check it`] : []),
  ];
}

function downtimeOf({ service, action, downtimeSeconds, portMoves = [] }: ServiceChange): string[] {
  if (action !== 'destroy') return [`${service} about ${formatSeconds(downtimeSeconds)}`];
  // Who takes its ports serves in its place, after a downtime that is told there.
  return portMoves.length > 0 ? [] : [`${service} for good`];
}

const counted = (count: number, one: string, many: string): string[] =>
  count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
