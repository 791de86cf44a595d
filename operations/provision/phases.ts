import type { ProvisionSettings } from '../../contract/provision';
import { type AuthEntry, nativePassword, onlyNew, sameAuths, withNew } from './auth';
import {
  accountAuth,
  accountQuery,
  alterUser,
  createUser,
  DATABASES_QUERY,
  databaseSteps,
  grantStep,
  LOCKED_ROOTS_QUERY,
} from './plan';
import type { Server } from './server';

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
  const { settings, password, print } = input;
  const next = nativePassword(password);
  const inForce = await readAuth(server, settings.user);
  const wanted = withNew(inForce ?? [], next);

  const existing = (await server.query(DATABASES_QUERY)).map(([name]) => name!);
  for (const { sql, done } of databaseSteps(settings, existing)) {
    await server.run(sql);
    print(done);
  }

  if (inForce === undefined) {
    await server.run(createUser(settings.user, wanted));
    await expectAuth(server, settings.user, wanted);
    print(`user ${settings.user}: created, with the new password`);
  } else if (sameAuths(inForce, wanted)) {
    print('password: accepted already, nothing changed');
  } else {
    await server.run(alterUser(settings.user, wanted));
    await expectAuth(server, settings.user, wanted);
    print('password: new one accepted beside the one in force');
  }

  const grants = grantStep(settings);
  if (grants.sql !== '') await server.run(grants.sql);
  print(grants.done);

  const locked = (await server.query(LOCKED_ROOTS_QUERY)).map(([host]) => `root@${host}`);
  if (locked.length > 0) {
    print(
      `${locked.join(', ')}: locked, root comes over the socket alone; a backup over TCP needs an account of its own`,
    );
  }

  for (const [database, sql] of schemas) {
    await server.runScript(database, sql);
    print(`schema of ${database}: applied`);
  }
}

/**
 * Lets only the new password in. Connections that are open stay open.
 *
 * @throws with MariaDB's message, or when the new password is not in force
 */
export async function finish(server: Server, input: PhaseInput): Promise<void> {
  const { settings, password, print } = input;
  const inForce = await readAuth(server, settings.user);
  const wanted = onlyNew(inForce ?? [], nativePassword(password));
  if (sameAuths(inForce ?? [], wanted)) {
    print('password: it is the only one already, nothing changed');
    return;
  }
  await server.run(alterUser(settings.user, wanted));
  await expectAuth(server, settings.user, wanted);
  print('password: only the new one is accepted from now on');
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
