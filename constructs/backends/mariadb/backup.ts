import { SHIPPING_ARGS } from '../../../contract/backup';
import type { ProvisionSettings } from '../../../contract/provision';
import type { BackupSource, Place } from '../../catalogue/spec/backend';
import { derivationOf, SwarmStack } from '../../swarm';
import { BACKUP } from '../../units/backup';
import { accountName, purposeOf } from './accounts';
import type { MariadbSpec } from './spec';

export const PORT = 3306;

const FILE = '64M';

const isOn = ({ backedUp }: Pick<Place, 'backedUp'>, { backup }: Pick<MariadbSpec, 'backup'>): boolean =>
  backedUp && !!backup;

/** What makes its backup; undefined where the catalogue wants none. */
export function backupOf(id: string, spec: MariadbSpec): BackupSource | undefined {
  if (!spec.backup) return undefined;
  const user = accountName(id, spec.user, BACKUP);
  return {
    url: `mariadb://${user}@${id}:${PORT}`,
    databases: Object.keys(spec.databases),
    password: { from: spec.password, purpose: purposeOf(id, BACKUP) },
    ...(typeof spec.backup === 'object' ? { rpo: spec.backup.rpo } : {}),
  };
}

/** The same account, for the step that makes it. */
export function backupAccount(at: Place, spec: MariadbSpec): Pick<ProvisionSettings, 'backup'> {
  if (!isOn(at, spec)) return {};
  const derivation = derivationOf(SwarmStack.of(at.scope).namespace, purposeOf(at.id, BACKUP));
  const ships = typeof spec.backup === 'object';
  return { backup: { user: accountName(at.id, spec.user, BACKUP), derivation, ships } };
}

/** What a restore to a moment between two backups is made from. Rows, for a statement may do something else the second time. */
export function binaryLog(at: Place, spec: MariadbSpec): string[] {
  if (!isOn(at, spec) || typeof spec.backup !== 'object') return [];
  // Files of a size that a slow line takes.
  return [...SHIPPING_ARGS, '--server-id=1', `--max-binlog-size=${FILE}`];
}
