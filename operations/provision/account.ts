import { backupGrants } from '../../contract/backup';
import { derivedValue } from '../../contract/derived-secret';
import type { ProvisionSettings } from '../../contract/provision';
import { type AuthEntry, nativePassword } from './auth';
import { ALL, OWN_RIGHTS, READ_RIGHTS, type Right } from './rights';

/** An account as the catalogue wants it. */
export interface WantedAccount {
  readonly user: string;
  /** How it logs in. */
  readonly next: AuthEntry;
  readonly rights: readonly Right[];
  /** @default - what the server allows any account */
  readonly maxConnections?: number;
  /** It is the one that all applications share, or shared. */
  readonly shared: boolean;
  /** It is rotated when it is there, and not made. */
  readonly former: boolean;
}

/** All accounts that are looked after, from the password that the settings mean. */
export function wantedAccounts(settings: ProvisionSettings, password: string): WantedAccount[] {
  const all = settings.databases.map(({ name }): Right => ({ database: name, rights: [ALL] }));
  const shared: WantedAccount = {
    user: settings.user,
    next: nativePassword(password),
    rights: all,
    shared: true,
    former: settings.accounts !== undefined,
  };
  const own = (settings.accounts ?? []).map(
    (account): WantedAccount => ({
      user: account.user,
      next: nativePassword(derivedValue(account.derivation, password)),
      rights: [
        { database: account.database, rights: OWN_RIGHTS },
        ...account.reads.map((database): Right => ({ database, rights: READ_RIGHTS })),
      ],
      maxConnections: account.maxConnections,
      shared: false,
      former: false,
    }),
  );
  return [...own, ...backupAccount(settings, password), shared];
}

/** A dump and a copy of the log at the same time, and one more that looks: of the ten that nobody else may take. */
const BACKUP_CONNECTIONS = 4;

const backupAccount = ({ backup, ...settings }: ProvisionSettings, password: string): WantedAccount[] =>
  backup
    ? [
        {
          user: backup.user,
          next: nativePassword(derivedValue(backup.derivation, password)),
          rights: backupGrants(
            settings.databases.map(({ name }) => name),
            backup.ships,
          ).map(({ on, privileges }): Right => ({ database: on, rights: privileges })),
          maxConnections: BACKUP_CONNECTIONS,
          shared: false,
          former: false,
        },
      ]
    : [];
