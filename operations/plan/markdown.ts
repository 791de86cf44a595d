import type { PolicyDecision } from '../policy/acknowledgements';
import type { Need } from '../policy/need';
import type { ExistingObject } from '../stack/existing';
import { strangersInWords } from '../stack/strangers';
import { code, fence } from '../terminal/untrusted';
import { terraformName } from '../terraform/program';
import { type Capacity, capacityInWords } from './capacity';
import type { ReadablePlan, ServiceChange } from './changes/model';
import { movesInWords } from './changes/ports';
import {
  asides,
  certificateInWords,
  effectsOf,
  LABELS,
  objectInWords,
  totalsInWords,
  whatInWords,
} from './text';

export interface MarkdownProps {
  /** As Terraform knows it. */
  readonly stack: string;
  /** Undefined when there is nothing to do. */
  readonly plan: ReadablePlan | undefined;
  readonly verdict: PolicyDecision | undefined;
  readonly capacity?: Capacity | undefined;
  /** What first changes on the server itself. @default nothing */
  readonly server?: readonly string[];
  /** What of that has to be acknowledged. @default nothing */
  readonly hostNeeds?: readonly Need[];
  /** What carries the stack's name and is in no catalogue. @default nothing */
  readonly strangers?: readonly Pick<ExistingObject, 'type' | 'name'>[];
  /** What services have by hand that no deploy sees. @default nothing */
  readonly byHand?: readonly string[];
  /** What is wrong with backups. @default nothing */
  readonly backups?: readonly string[];
  /** Who has locked deploys. @default nobody */
  readonly locked?: string | undefined;
  /** `terraform show`, with sensitive values left out. */
  readonly fullText: string;
}

/** GitHub takes 65,536 characters in a comment; some are left for what a workflow adds. */
const LIMIT = 65_000;
/** Of these, what each list may take at most; the full text gets the rest. */
const LISTS = { verdict: 6_000, services: 30_000, objects: 8_000, others: 6_000 } as const;
const LONGEST_CELL = 240;
const LONGEST_LINE = 400;

/** Where a workflow finds its comment again, to update it in place. */
export const markerOf = (stack: string): string => `<!-- plan of ${stack.replace(/[^A-Za-z0-9_-]/g, '')} -->`;

/** The plan as a comment of a pull request, short enough for GitHub; all that comes from outside is shown as code. */
export function markdown(props: MarkdownProps): string {
  const { stack, server = [], strangers = [], byHand = [], backups = [], hostNeeds = [] } = props;
  const { plan, verdict, capacity, fullText, locked } = props;
  const calm =
    server.length > 0 ? '✅ the server alone' : byHand.length > 0 ? '⚠️ changed by hand' : undefined;
  const title = headline(verdict, plan ? undefined : calm);
  const head = [
    ...[markerOf(stack), `## Plan of ${code(stack)}: ${title}`, ''],
    ...(locked ? [`- 🔒 ${code(cut(locked))}`, ''] : []),
    ...section(
      server.map((text) => `- server: ${code(cut(text))}`),
      LISTS.others,
    ),
    ...(verdict ? section(verdictItems(verdict), LISTS.verdict) : []),
    ...section(
      [...strangersInWords(strangers), ...byHand, ...backups.map((text) => `backups: ${text}`)].map(
        (text) => `- ${code(cut(text))}`,
      ),
      LISTS.others,
    ),
  ];
  if (!plan || !verdict) {
    const rest = byHand.length > 0 ? 'else ' : '';
    return [...head, `The services are ${rest}as the catalogue says.`, ''].join('\n');
  }
  const before = [
    ...head,
    ...services(plan.services),
    ...section(
      plan.objects.map((object) => `- ${code(objectInWords(object))}`),
      LISTS.objects,
    ),
    ...section(
      [
        ...totalsInWords(plan, hostNeeds),
        ...(capacity ? [capacityInWords(capacity)] : []),
        ...plan.provisioning,
        ...plan.certificates.map(certificateInWords),
        ...plan.acknowledgedRules.map((rule) => `acknowledged: ${rule}`),
      ].map((text) => `- ${code(cut(text))}`),
      LISTS.others,
    ),
  ].join('\n');
  return `${before}\n${folded(fullText, LIMIT - before.length)}`;
}

/** @param calm what it is without a need, where it is no plan of services */
function headline(verdict: PolicyDecision | undefined, calm?: string): string {
  if (verdict?.passes === false) return '⛔ stopped by the policy';
  if (verdict && verdict.acknowledged.length > 0) return '⚠️ acknowledged, with downtime or data risk';
  return calm ?? (verdict ? '✅ no downtime' : '✅ nothing to do');
}

function verdictItems({ refusals, missing, acknowledged, unused }: PolicyDecision): string[] {
  const names = [...new Set(missing.map(({ name }) => name))].join(',');
  return [
    ...refusals.map((text) => `- ⛔ **refused**: ${code(cut(text))}`),
    ...(missing.length > 0 ? [`- ⛔ to let it through: ${code(cut(`ACKNOWLEDGE=${names}`))}`] : []),
    ...missing.map(({ name, why }) => `- ⛔ ${code(name)}: ${code(cut(why))}`),
    ...acknowledged.map(({ name, why }) => `- ⚠️ acknowledged ${code(name)}: ${code(cut(why))}`),
    ...unused.map((name) => `- acknowledged ${code(cut(name))}, which this plan does not need`),
  ];
}

function services(changes: readonly ServiceChange[]): string[] {
  if (changes.length === 0) return [];
  // What a reviewer must see survives a cut.
  const weight = ({ downtime, risks }: ServiceChange) => (downtime || risks.length > 0 ? 0 : 1);
  const rows = [...changes].sort((a, b) => weight(a) - weight(b)).map(row);
  const head = ['| | service | change | effect |', '|---|---|---|---|'];
  const { kept, left } = within(rows, LISTS.services);
  return [
    ...head,
    ...kept,
    '',
    ...(left > 0 ? [`… and ${left} more services without downtime or risk first`, ''] : []),
  ];
}

function row(change: ServiceChange): string {
  const [how = '', ...rest] = effectsOf(change);
  const effect = [how, ...rest].join(' · ').replace(/DOWNTIME|\w[\w ]* waits?\b/g, (words) => `**${words}**`);
  const below = [...change.drift, ...movesInWords(change), ...asides(change)]
    .map((text) => `<br>${code(cut(text))}`)
    .join('');
  return `| ${LABELS[change.action]} | ${code(change.service)} | ${code(cut(whatInWords(change)))}${below} | ${effect} |`;
}

const cut = (text: string): string => (text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL)}…` : text);

function section(lines: readonly string[], budget: number): string[] {
  if (lines.length === 0) return [];
  const { kept, left } = within(lines, budget);
  return [...kept, ...(left > 0 ? [`- … and ${left} more`] : []), ''];
}

function within(lines: readonly string[], budget: number): { kept: string[]; left: number } {
  let room = budget;
  const end = lines.findIndex((line) => {
    room -= line.length + 1;
    return room < 0;
  });
  const kept = end === -1 ? [...lines] : lines.slice(0, end);
  return { kept, left: lines.length - kept.length };
}

/** A config's content is one line of base64, thousands of characters long. */
const shortened = (line: string): string =>
  line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}… (${line.length} characters)` : line;

/** Whole lines of the full text, as many as there is room for. */
function folded(text: string, room: number): string {
  const around = [
    `<details><summary>the whole plan, as ${terraformName()} has it</summary>`,
    '',
    '',
    '',
    '</details>',
    '',
  ];
  const note = 'the log of `./proctor plan` has all of it';
  const lines = text.trimEnd().split('\n').map(shortened);
  const { kept, left } = within(lines, room - around.join('\n').length - note.length - 200);
  around[2] = fence(kept.join('\n'));
  if (left > 0) around[3] = `… and ${left} more lines: ${note}`;
  return around.join('\n');
}
