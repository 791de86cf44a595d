import { MARIADB_NAME } from '../../../contract/provision';
import type { MariadbSpec } from './spec';

/** The server's own: root's is locked at every start but for the container's root, and the server works as the other. */
const OWN_ACCOUNTS = ['root', 'mysql'];
/** Who may do all in one of them may do all in the server, or nobody may. */
const OWN_DATABASES = ['mysql', 'information_schema', 'performance_schema', 'sys'];

/**
 * Checks the account and the databases by the rule that the provisioning step has, which runs when MariaDB does already.
 *
 * @throws with all that are wrong
 */
export function checkNames(id: string, { user, databases }: Pick<MariadbSpec, 'user' | 'databases'>): void {
  const named = [
    { what: 'the user', name: user, own: OWN_ACCOUNTS.includes(user) },
    ...Object.keys(databases).map((name) => ({
      what: 'the database',
      name,
      own: OWN_DATABASES.includes(name.toLowerCase()),
    })),
  ];
  const errors = named.flatMap(({ what, name, own }) => {
    if (own) return [`${id}: ${what} ${name} is MariaDB's own\n  give the applications one of their own`];
    return MARIADB_NAME.test(name)
      ? []
      : [`${id}: ${what} ${JSON.stringify(name)}\n  use letters, digits, _, $ and -, 64 at most`];
  });
  if (errors.length > 0) throw new Error(errors.join('\n'));
}
