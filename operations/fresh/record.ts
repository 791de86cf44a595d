import type { Held } from './held';
import { changesBetween } from './held';
import type { StateFacts } from './state-facts';

/** What a deploy proved: in this state is what this server held. Hashes and ids alone. Fields are only ever added. */
export interface FreshRecord {
  readonly version: typeof VERSION;
  /** The platform, by its name in Swarm. */
  readonly namespace: string;
  readonly cluster: string;
  readonly lineage: string;
  readonly serial: number;
  /** Of the state's contents, since serials come back where an older state is restored. */
  readonly state: string;
  /** Names and versions of the providers, as the lock file has them: another one may read otherwise. */
  readonly providers: string;
  readonly objects: Readonly<Record<string, string>>;
  /** Of what Terraform then plans nothing. @default not known */
  readonly emptyPlan?: EmptyPlan;
}

/** What was planned where nothing was to do. */
export interface EmptyPlan {
  /** See `keyed`. */
  readonly inputs: string;
  /** See `terraformVersion`. */
  readonly terraform: string;
}

/** Raised when what is hashed changes. */
export const VERSION = 1;

/** A platform's state and its server, at one moment. */
export interface Sight {
  readonly namespace: string;
  readonly facts: StateFacts;
  readonly providers: string;
  readonly held: Held;
}

export const recordOf = (
  { namespace, facts, providers, held }: Sight,
  emptyPlan?: EmptyPlan,
): FreshRecord => ({
  version: VERSION,
  namespace,
  cluster: held.cluster,
  lineage: facts.lineage,
  serial: facts.serial,
  state: facts.digest,
  providers,
  objects: Object.fromEntries([...held.objects].sort(([a], [b]) => (a < b ? -1 : 1))),
  ...(emptyPlan ? { emptyPlan } : {}),
});

/** The clock of the machine that plans decides a renewal; so soon before it Terraform looks anyway. */
const RENEWAL_MARGIN_MS = 60_000;

/**
 * Why what Terraform knows may not be what there is; undefined where a record proves that it is.
 *
 * @param records each a proof of its own, whoever made it
 */
export function whyNotFresh(
  sight: Sight,
  records: readonly FreshRecord[],
  now: number = Date.now(),
): string | undefined {
  const { obstacles, renewsAt = Infinity } = sight.facts;
  if (obstacles[0] !== undefined) return obstacles[0];
  if (now >= renewsAt - RENEWAL_MARGIN_MS) return 'a self-signed certificate is to be renewed';
  const whys = records.map((record) => whyNot(sight, record));
  if (whys.length === 0) return 'no deploy has recorded yet what the server holds';
  if (whys.some((why) => why === undefined)) return undefined;
  return whys[0];
}

/** Of a sight that is proved: what was planned of the same inputs, where nothing was to do. */
export const emptyPlanOf = (
  sight: Sight,
  inputs: string,
  records: readonly FreshRecord[],
): EmptyPlan | undefined =>
  records.find((record) => record.emptyPlan?.inputs === inputs && whyNot(sight, record) === undefined)
    ?.emptyPlan;

function whyNot({ namespace, facts, providers, held }: Sight, record: FreshRecord): string | undefined {
  if (record.version !== VERSION)
    return 'the record of the last deploy is of another version of this project';
  if (record.namespace !== namespace) return `the record is of the platform "${record.namespace}"`;
  if (record.cluster !== held.cluster || held.cluster === '') return 'the record is of another Swarm';
  if (record.lineage !== facts.lineage) return 'the record is of another state';
  if (record.providers !== providers) return 'the providers are not those of the last deploy';
  if (record.serial !== facts.serial || record.state !== facts.digest)
    return 'the state is not the one that the last deploy left';
  const changes = changesBetween(new Map(Object.entries(record.objects)), held.objects);
  if (changes.length === 0 && Object.keys(record.objects).length === held.objects.size) return undefined;
  return changes[0] === undefined
    ? 'the record lacks something that the state has'
    : `${changes.join(', ')} since the last deploy`;
}
