import type { SharedAccount } from '../../contract/deploy-settings';
import type { Service } from '../docker/answers';
import type { DockerClient } from '../docker/client';
import { grantsQuery } from '../provision/plan';
import { ALL, excessOf } from '../provision/rights';
import { Server } from '../provision/server';
import { findContainer, type TaskApi } from '../provision/task';
import { type Finding, ok, warning } from '../terminal/finding';
import { harmless, oneLine } from '../terminal/untrusted';

/** What an account may do beyond its databases, in MariaDB's words, or why that is not known. */
export interface AccountFound {
  readonly account: SharedAccount;
  readonly excess: readonly string[];
  /** There is no such account. */
  readonly missing?: boolean;
  readonly unknown?: string;
}

/** Of an account that is not there yet. */
const NO_SUCH_ACCOUNT = /\bERROR 1141\b/;
const ANSWER_SECONDS = 15;

/** Asks each database server that runs what its shared account may do. One that does not run yet has none. */
export async function gatherAccounts({
  docker,
  accounts,
  services,
}: {
  readonly docker: TaskApi & Pick<DockerClient, 'exec'>;
  readonly accounts: readonly SharedAccount[];
  readonly services: readonly Service[];
}): Promise<AccountFound[]> {
  const there = accounts.filter(({ service }) => services.some(({ Spec }) => Spec.Name === service));
  return Promise.all(
    there.map(async (account) => {
      try {
        return { account, excess: await excessIn(docker, account) };
      } catch (error) {
        const said = oneLine((error as Error).message.split('\n')[0]!);
        return NO_SUCH_ACCOUNT.test(said)
          ? { account, excess: [], missing: true }
          : { account, excess: [], unknown: harmless(said) };
      }
    }),
  );
}

async function excessIn(
  docker: TaskApi & Pick<DockerClient, 'exec'>,
  { service, user, databases }: SharedAccount,
): Promise<string[]> {
  const containerId = await findContainer(docker, service, { until: 0 });
  const server = new Server((command, stdin) =>
    docker.exec({ containerId, command, user: 'root', stdin, timeoutSeconds: ANSWER_SECONDS }),
  );
  const grants = await server.query(grantsQuery(user));
  const given = databases.map((database) => ({ database, rights: [ALL] }));
  return excessOf(
    grants.map(([line]) => line!),
    given,
  ).map(({ text }) => harmless(text));
}

/** An account of an older stack often may do all everywhere: whoever has its password then has the whole server. */
export function judgeAccounts(found: readonly AccountFound[]): Finding[] {
  return found.map(({ account: { service, user, otherRights, dropped }, excess, missing, unknown }) => {
    if (unknown !== undefined) {
      return warning(
        'accounts',
        `what ${user} of ${service} may do is not known: ${unknown}`,
        `the deploy tells it, once ${service} serves`,
      );
    }
    if (missing) return ok('accounts', `${service} has no account ${user}`);
    const what = `${user} of ${service} may do more than its databases need: ${excess.join('; ')}`;
    if (excess.length === 0)
      return ok('accounts', `${user} of ${service} may do nothing beyond its databases`);
    if (dropped) return ok('accounts', `${what}; it is dropped when the applications have rolled`);
    return otherRights === 'revoked'
      ? ok('accounts', `${what}; that is taken away when the applications have rolled`)
      : warning(
          'accounts',
          what,
          "otherRights: 'revoked' in the catalogue takes it away at the end of the deploy; it stays without",
        );
  });
}
