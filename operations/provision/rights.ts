import { identifier } from './auth';

/** What migrations and requests need in an application's own database. Who may DROP may lose it all. */
export const OWN_RIGHTS = [
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'CREATE',
  'ALTER',
  'INDEX',
  'REFERENCES',
  'CREATE VIEW',
  'SHOW VIEW',
  'CREATE TEMPORARY TABLES',
  'LOCK TABLES',
] as const;
export const READ_RIGHTS = ['SELECT', 'SHOW VIEW'] as const;

/** What ALL PRIVILEGES is in one database. */
const ALL_OF_A_DATABASE = [
  ...OWN_RIGHTS,
  'DROP',
  'EXECUTE',
  'CREATE ROUTINE',
  'ALTER ROUTINE',
  'EVENT',
  'TRIGGER',
  'DELETE HISTORY',
];

export const ALL = 'ALL PRIVILEGES';

/** In place of a database: the whole server. */
export const EVERYWHERE = '*.*';

/** What an account may do in a database. */
export interface Right {
  readonly database: string;
  readonly rights: readonly string[];
}

/** Something that an account may do beyond that. */
export interface Excess {
  /** As MariaDB says it, for people. */
  readonly text: string;
  /** Undefined for what is not taken away here: a role, a proxy. */
  readonly revoke: ((account: string) => string) | undefined;
}

/** In GRANT `_` stands for any character, unless it is escaped. */
export const pattern = (database: string): string => identifier(database.replaceAll('_', '\\_'));

/** What a right is on, as GRANT takes it and SHOW GRANTS prints it: the whole server, one of its own tables, a database. */
export function objectOf(database: string): string {
  if (database === EVERYWHERE) return EVERYWHERE;
  const [, table] = /^mysql\.(.+)$/.exec(database) ?? [];
  return table === undefined ? `${pattern(database)}.*` : `${identifier('mysql')}.${identifier(table)}`;
}

/** What `SHOW GRANTS` says beyond what an account is given. */
export function excessOf(grants: readonly string[], given: readonly Right[]): Excess[] {
  return grants.flatMap((line): Excess[] => {
    const found = /^GRANT (.+?) ON ((?:[A-Z]+ )*(?:\*|`(?:[^`]|``)*`)\.(?:\*|`(?:[^`]|``)*`)) TO (.*)$/.exec(
      line,
    );
    if (!found) {
      const other = /^GRANT (.+?) TO `/.exec(line)?.[1];
      return other ? [{ text: other, revoke: undefined }] : [];
    }
    const [, rights = '', object = '', rest = ''] = found;
    const passesOn = / WITH .*GRANT OPTION/.test(rest);
    const allowed = given.find(({ database }) => object === objectOf(database))?.rights;
    const excess = beyond(rights, allowed);
    if (excess.length === 0 && !passesOn) return [];
    return [
      {
        text: `${[...excess, ...(passesOn ? ['GRANT OPTION'] : [])].join(', ')} on ${object}`,
        revoke: (account) =>
          [
            ...(excess.length > 0 ? [`REVOKE ${excess.join(', ')} ON ${object} FROM ${account};\n`] : []),
            ...(passesOn ? [`REVOKE GRANT OPTION ON ${object} FROM ${account};\n`] : []),
          ].join(''),
      },
    ];
  });
}

/** One by one where some of ALL stay, so that an account is never without those for a moment. */
function beyond(rights: string, allowed: readonly string[] | undefined): string[] {
  if (rights === 'USAGE' || allowed?.includes(ALL)) return [];
  if (!allowed) return [rights];
  const all = rights === ALL ? ALL_OF_A_DATABASE : rights.split(', ');
  return all.filter((right) => !allowed.includes(right));
}
