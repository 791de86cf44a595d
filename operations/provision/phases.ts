import type { ProvisionSettings } from '../../contract/provision';
import { type WantedAccount, wantedAccounts } from './account';
import { type AuthEntry, onlyNew, sameAuths, withNew } from './auth';
import {
  accountAuth,
  account as accountOf,
  accountQuery,
  alterUser,
  connectionsInForce,
  connectionsStep,
  createUser,
  DATABASES_QUERY,
  databaseSteps,
  dropUser,
  grantStep,
  grantsQuery,
  LOCKED_ROOTS_QUERY,
  sessionsQuery,
} from './plan';
import { type Excess, excessOf } from './rights';
import { rememberSeeds } from './seeds';
import type { Server } from './server';
import { type Patience, pause } from './task';

/** What a phase needs besides the server. */
export interface PhaseInput {
  readonly settings: ProvisionSettings;
  readonly password: string;
  /** One plain line per thing done; never a password or a hash. */
  readonly print: (line: string) => void;
}

/** SQL of the operator's, by database, read before anything is changed. */
export type Schemas = ReadonlyMap<string, string>;

/**
 * Makes databases, user, grants and schemas, and lets the new password in beside the one in force. What is there
 * already stays; killed at any point, it can run again.
 *
 * @throws with MariaDB's message, or when the account is in a state that it must not touch
 */
export async function prepare(server: Server, input: PhaseInput, schemas: Schemas): Promise<void> {
  const { settings, print } = input;
  // Before anything is changed: one account whose rotation is not over holds up all.
  const accounts = (await present(server, input)).map((account) => ({
    ...account,
    wanted: withNew(account.inForce ?? [], account.next),
  }));

  const existing = (await server.query(DATABASES_QUERY)).map(([name]) => name!);
  for (const { sql, done } of databaseSteps(settings, existing)) {
    await server.run(sql);
    print(done);
  }

  for (const account of accounts) {
    const { user, inForce, wanted } = account;
    const whose = passwordOf(account, settings);
    if (inForce === undefined) {
      await server.run(createUser(user, wanted));
      await expectAuth(server, user, wanted);
      print(`user ${user}: created, with the new password`);
    } else if (sameAuths(inForce, wanted)) {
      print(`${whose}: accepted already, nothing changed`);
    } else {
      await server.run(alterUser(user, wanted));
      await expectAuth(server, user, wanted);
      print(`${whose}: new one accepted beside the one in force`);
    }
    const grants = grantStep(account, inForce && account.connections);
    if (!account.former) {
      if (grants.sql !== '') await server.run(grants.sql);
      print(grants.done);
    }
    if (inForce !== undefined) await tellExcess(server, account, input);
  }

  const locked = (await server.query(LOCKED_ROOTS_QUERY)).map(([host]) => `root@${host}`);
  if (locked.length > 0) {
    print(
      `${locked.join(', ')}: locked, root comes over the socket alone; a backup over TCP needs an account of its own`,
    );
  }

  if (schemas.size === 0) return;
  await rememberSeeds(server, [...schemas.keys()], async () => {
    for (const [database, sql] of schemas) {
      await server.runScript(database, sql);
      print(`schema of ${database}: applied`);
    }
  });
}

/**
 * Lets only the new password in, and takes away what the catalogue says goes. Connections that are open stay open.
 *
 * @throws with MariaDB's message, or when the new password is not in force, or when somebody uses what is to be dropped
 */
export async function finish(server: Server, input: PhaseInput, patience: Patience): Promise<void> {
  const { settings, print } = input;
  const accounts = (await present(server, input)).map((account) => ({
    ...account,
    wanted: onlyNew(account.inForce ?? [], account.next),
  }));
  for (const account of accounts) {
    const { user, inForce, wanted } = account;
    if (account.former && settings.sharedAccount === 'dropped') {
      await drop(server, user, patience);
      print(`user ${user}: dropped, every application has an account of its own`);
      continue;
    }
    const whose = passwordOf(account, settings);
    if (sameAuths(inForce ?? [], wanted)) {
      print(`${whose}: it is the only one already, nothing changed`);
    } else {
      await server.run(alterUser(user, wanted));
      await expectAuth(server, user, wanted);
      print(`${whose}: only the new one is accepted from now on`);
    }
    const connections = connectionsStep(account, account.connections);
    if (connections) {
      await server.run(connections.sql);
      print(connections.done);
    }
    if (!account.shared || settings.otherRights === 'revoked') await reduce(server, account, print);
  }
}

interface Present extends WantedAccount {
  readonly inForce: readonly AuthEntry[] | undefined;
  /** How many it may have now. */
  readonly connections: number;
}

/** With what is in force. A former account that is not there is none. */
async function present(server: Server, { settings, password }: PhaseInput): Promise<Present[]> {
  const found: Present[] = [];
  for (const account of wantedAccounts(settings, password)) {
    const rows = await server.query(accountQuery(account.user));
    const inForce = accountAuth(account.user, rows);
    if (account.former && inForce === undefined) continue;
    found.push({ ...account, inForce, connections: connectionsInForce(rows) });
  }
  return found;
}

const passwordOf = ({ user }: WantedAccount, { accounts }: ProvisionSettings): string =>
  accounts ? `password of ${user}` : 'password';

const readExcess = async (server: Server, { user, rights }: WantedAccount): Promise<Excess[]> =>
  excessOf(
    (await server.query(grantsQuery(user))).map(([line]) => line!),
    rights,
  );

async function tellExcess(server: Server, account: Present, { settings, print }: PhaseInput): Promise<void> {
  const excess = await readExcess(server, account);
  if (excess.length === 0) return;
  const then =
    account.former && settings.sharedAccount === 'dropped'
      ? 'it is dropped at the end'
      : !account.shared || settings.otherRights === 'revoked'
        ? 'taken away at the end'
        : "otherRights: 'revoked' in the catalogue takes it away";
  print(
    `${account.user} may do more than the catalogue says: ${excess.map(({ text }) => text).join('; ')}; ${then}`,
  );
}

/** What is granted in the databases stays all the time, so nobody is refused meanwhile. */
async function reduce(server: Server, account: Present, print: (line: string) => void): Promise<void> {
  for (const { text, revoke } of await readExcess(server, account)) {
    if (!revoke) {
      print(`${account.user}: ${text} stays, since it is none that is taken away here; REVOKE it by hand`);
      continue;
    }
    await server.run(revoke(accountOf(account.user)));
    print(`${account.user}: ${text} taken away`);
  }
}

/** Tasks that were replaced may still be ending. */
async function drop(server: Server, user: string, patience: Patience): Promise<void> {
  for (;;) {
    const hosts = (await server.query(sessionsQuery(user))).map(([host]) => host!);
    if (hosts.length === 0) break;
    if (Date.now() >= patience.until) {
      throw new Error(
        `${user} is not dropped: somebody is logged in with it, from ${hosts.join(', ')}\n  end that, or say sharedAccount: 'kept'; then deploy again`,
      );
    }
    await pause(patience);
  }
  await server.run(dropUser(user));
}

async function readAuth(server: Server, user: string): Promise<readonly AuthEntry[] | undefined> {
  return accountAuth(user, await server.query(accountQuery(user)));
}

async function expectAuth(server: Server, user: string, wanted: readonly AuthEntry[]): Promise<void> {
  if (sameAuths((await readAuth(server, user)) ?? [], wanted)) return;
  throw new Error(
    `the account ${user} is not as it was just set: something else changes it at the same time\n  let the other run end, then run this again`,
  );
}
