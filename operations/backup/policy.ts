import { BACKUP } from '../../constructs/units/backup';
import type { BackupEnvironment } from '../../contract/backup';
import type { BackedUp, BackupSettings } from '../../contract/backup-settings';
import type { Service } from '../docker/answers';
import type { Need } from '../policy/need';
import type { BackupFacts } from './facts';
import { proofInWords, trustIn } from './trust';

/** A service whose data a plan risks. */
export interface Risked {
  /** As in the catalogue. */
  readonly service: string;
  /** What may not be undone. */
  readonly risks: readonly string[];
  /** It is in no catalogue any more. */
  readonly removed?: boolean;
}

/** What of the settings a plan is judged by. */
export type Believed = Pick<BackupSettings, 'service' | 'covers' | 'maxAgeSeconds'>;

export interface BackupPolicy {
  /** The needs of the plan; those that risk data say what backup there is. */
  readonly needs: readonly Need[];
  /** Data that is at risk, and has no backup that is believed. */
  readonly refusals: readonly string[];
}

/**
 * What backups make of a plan that risks data: where the catalogue has some, one that was restored and checked has to be
 * there, and the acknowledgement names it; where it has none, that is said.
 *
 * @param settings of `believedSettings`
 * @param facts undefined where the server could not be asked
 * @param now in milliseconds, by the server's clock
 */
export function judgeByBackups(
  needs: readonly Need[],
  risked: readonly Risked[],
  settings: Omit<Believed, 'service'> | undefined,
  facts: BackupFacts | undefined,
  now: number,
): BackupPolicy {
  const refusals: string[] = [];
  const words = new Map<string, string>();
  for (const { service, risks, removed } of risked) {
    if (risks.length === 0) continue;
    if (!settings) words.set(service, 'the catalogue has no backups: docs/data.md');
    // Of what is removed only the server knows whether it is in backups.
    else if (!(service in settings.covers) && !(removed && !facts))
      words.set(service, 'no backup has its data');
    else {
      const trust = trustIn(settings, service, facts, now);
      if ('proof' in trust) words.set(service, proofInWords(trust.proof));
      else refusals.push(`${service}: ${risks[0]}; ${trust.why}: ${WAY_OUT}`);
    }
  }
  return {
    refusals,
    needs: needs.map((need) => {
      const said = words.get(need.name);
      return said === undefined ? need : { ...need, why: `${need.why}; ${said}` };
    }),
  };
}

/** As the catalogue has it where it says nothing. */
const MAX_AGE_SECONDS = 86_400;

/**
 * What backups are judged by: whose data is in them is what the service says that makes them, not what the catalogue will
 * say after this plan, which takes a removed service's data out of it, and with the last one all backups.
 *
 * @param running undefined where the server could not be asked
 */
export function believedSettings(
  settings: BackupSettings | undefined,
  running: readonly Service[] | undefined,
  namespace: string,
): Believed | undefined {
  const made = running && coveredBy(running, namespace);
  if (!made) return settings;
  return {
    service: made.service,
    covers: { ...settings?.covers, ...made.covers },
    maxAgeSeconds: settings?.maxAgeSeconds ?? MAX_AGE_SECONDS,
  };
}

/** What is in the backups that are made now; undefined where none are. */
function coveredBy(
  running: readonly Service[],
  namespace: string,
): Pick<BackupSettings, 'service' | 'covers'> | undefined {
  const service = `${namespace}_${BACKUP}`;
  const args = running.find(({ Spec }) => Spec.Name === service)?.Spec.TaskTemplate.ContainerSpec?.Args;
  if (!args) return undefined;
  const wordsOf = (name: keyof BackupEnvironment): string[] =>
    args
      .filter((one) => one.startsWith(`${name}=`))
      .flatMap((one) => one.slice(name.length + 1).split(' '))
      .filter(Boolean);
  const covers: Record<string, BackedUp> = {};
  const add = (id: string, what: Omit<BackedUp, 'writers'>) => {
    covers[id] = { writers: [], ...covers[id], ...what };
  };
  const databases = wordsOf('BACKUP_DATABASES');
  for (const id of wordsOf('BACKUP_DB_HOST')) add(id, { databases });
  const backedUp = wordsOf('BACKUP_VOLUMES');
  for (const { Spec } of running) {
    if (Spec.Name === service || !Spec.Name?.startsWith(`${namespace}_`)) continue;
    const mounted = Spec.TaskTemplate.ContainerSpec?.Mounts ?? [];
    const volumes = backedUp.filter((name) =>
      mounted.some(({ Type, Source }) => Type === 'volume' && Source === `${namespace}_${name}`),
    );
    if (volumes.length > 0) add(Spec.Name.slice(namespace.length + 1), { volumes });
  }
  return { service, covers };
}

const WAY_OUT =
  "./proctor backup now, then ./proctor backup drill, then deploy again; an older one is believed where the catalogue's backup says a longer maxAge";
