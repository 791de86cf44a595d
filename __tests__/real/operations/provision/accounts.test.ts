import { createHash } from 'node:crypto';
import type { Phase, ProvisionSettings } from '../../../../contract/provision';
import { provision } from '../../../../operations/provision/main';
import type { Execute } from '../../../../operations/provision/server';
import { settingsFor } from '../../../unit/operations/provision/fixtures';
import { describeWithMariadb, startedMariadb } from './mariadb';

const A = 'first password, long';
const B = 'second password, long';
const REFUSED = 'ERROR 1045';
const USERS = 'proctorwise_userservice';
const REPORTS = 'proctorwise_reports';

const account = (name: string, database: string, reads: string[] = []) => ({
  user: `proctorwise_${name}`,
  derivation: `proctorwise/mariadb/${name}/account/`,
  database,
  reads,
  maxConnections: 3,
});
const accounts = [
  account('userservice', 'proctorwise_users'),
  account('reports', 'proctorwise_exams', ['proctorwise_users']),
];
const own = (name: string, password: string) =>
  createHash('sha256').update(`proctorwise/mariadb/${name}/account/${password}`).digest('hex');

describeWithMariadb('accounts of their own', () => {
  const server = startedMariadb();

  const run = async (
    phase: Phase,
    password: string,
    change: Partial<ProvisionSettings> = { accounts },
    execute: Execute = server.execute,
  ) => {
    const lines: string[] = [];
    const print = (line: string) => lines.push(line);
    const settings = { ...settingsFor(password), ...change };
    const env = { PROVISION: JSON.stringify(settings), TF_VAR_db_password: password };
    const status = await provision({ arguments: [phase], env, print, printError: print, execute });
    const output = lines.join('\n');
    for (const value of [A, B]) {
      expect(output).not.toContain(value);
      for (const name of ['userservice', 'reports']) expect(output).not.toContain(own(name, value));
    }
    return { status, output };
  };
  const logins = async (password: string) => [
    await server.loginOverTcp(USERS, own('userservice', password)),
    await server.loginOverTcp(REPORTS, own('reports', password)),
    await server.loginOverTcp('proctorwise', password),
  ];
  const as = (name: string, password: string, sql: string) =>
    server.asClient(`proctorwise_${name}`, own(name, password), sql);

  test('are made on an empty server, and no shared one', async () => {
    const { status, output } = await run('prepare', A);
    expect(output.split('\n').slice(2)).toEqual([
      `user ${USERS}: created, with the new password`,
      `grants: ${USERS} uses proctorwise_users, with 3 connections at most`,
      `user ${REPORTS}: created, with the new password`,
      `grants: ${REPORTS} uses proctorwise_exams, reads proctorwise_users, with 3 connections at most`,
    ]);
    expect(status).toBe(0);
    expect(await logins(A)).toEqual(['in', 'in', REFUSED]);
    expect((await run('finish', A)).status).toBe(0);
  });

  test('do what migrations do in their own database, and cannot lose it', async () => {
    const migrations = [
      'CREATE TABLE people (id INT AUTO_INCREMENT PRIMARY KEY, name TEXT)',
      'CREATE TABLE pets (id INT PRIMARY KEY, owner INT REFERENCES people (id))',
      'ALTER TABLE people ADD COLUMN age INT, ADD INDEX (age)',
      'ALTER TABLE people DROP COLUMN age',
      'CREATE INDEX by_owner ON pets (owner)',
      'CREATE VIEW names AS SELECT name FROM people',
      "INSERT INTO people (name) VALUES ('anna'), ('bob')",
      "UPDATE people SET name = 'eve' WHERE name = 'bob'",
      "DELETE FROM people WHERE name = 'eve'",
    ];
    for (const sql of migrations)
      expect([sql, await as('userservice', A, `USE proctorwise_users; ${sql}`)]).toEqual([sql, 'in']);
    for (const sql of [
      'DROP TABLE pets',
      'TRUNCATE people',
      'DROP DATABASE proctorwise_users',
      'CREATE TRIGGER t BEFORE INSERT ON people FOR EACH ROW SET @a = 1',
      'CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DO 1',
      "GRANT SELECT ON proctorwise_users.* TO 'proctorwise_reports'@'%'",
    ]) {
      expect([sql, await as('userservice', A, `USE proctorwise_users; ${sql}`)]).toEqual([
        sql,
        expect.stringMatching(/^ERROR (1142|1044|1227)$/),
      ]);
    }
  });

  test('see nothing of the others, but what they read', async () => {
    expect(await as('userservice', A, 'SELECT * FROM proctorwise_exams.anything')).toBe('ERROR 1142');
    expect(await as('userservice', A, 'USE proctorwise_exams')).toBe('ERROR 1044');
    expect(await as('reports', A, 'SELECT * FROM proctorwise_users.people')).toBe('in');
    expect(await as('reports', A, "INSERT INTO proctorwise_users.people (name) VALUES ('x')")).toBe(
      'ERROR 1142',
    );
    expect(await as('reports', A, 'SELECT * FROM mysql.global_priv')).toBe('ERROR 1142');
  });

  test('have their own bound of connections', async () => {
    const leave = await server.idle(USERS, own('userservice', A), 3);
    const fourth = await server.loginOverTcp(USERS, own('userservice', A));
    const other = await server.loginOverTcp(REPORTS, own('reports', A));
    await leave();
    expect([fourth, other]).toEqual(['ERROR 1226', 'in']);
  });

  test('may have what tasks of before the roll hold until the end, and more at once', async () => {
    const bound = (maxConnections: number) => ({
      accounts: accounts.map((one) => ({ ...one, maxConnections })),
    });
    const login = () => server.loginOverTcp(USERS, own('userservice', A));
    const leave = await server.idle(USERS, own('userservice', A), 2);
    const prepared = await run('prepare', A, bound(2));
    const meanwhile = await login();
    const finished = await run('finish', A, bound(2));
    const after = await login();
    const raised = await run('prepare', A, bound(3));
    const third = await login();
    await leave();
    expect([meanwhile, after, third]).toEqual(['in', 'ERROR 1226', 'in']);
    expect(prepared.output).toMatch(
      /^grants: proctorwise_userservice uses proctorwise_users, with 2 connections at most from the end on$/m,
    );
    expect(finished.output).toMatch(/^connections of proctorwise_userservice: 2 at most$/m);
    expect(raised.output).toMatch(/, with 3 connections at most$/m);
    expect((await run('finish', A, bound(3))).output).not.toMatch(/^connections/m);
  });

  test('rotate with the one password, both accepted until the end, cut off at any point', async () => {
    for (const [password, old] of [
      [B, A],
      [A, B],
    ] as const) {
      for (let allowed = 0; allowed < 16; allowed += 1) {
        let left = allowed;
        await run('prepare', password, { accounts }, async (command, stdin) => {
          if (left === 0) throw new Error('cut off');
          left -= 1;
          return server.execute(command, stdin);
        });
        expect((await logins(old)).slice(0, 2)).toEqual(['in', 'in']);
      }
      expect((await run('prepare', password)).status).toBe(0);
      expect((await logins(password)).slice(0, 2)).toEqual(['in', 'in']);
      expect((await run('finish', password)).status).toBe(0);
      expect(await logins(password)).toEqual(['in', 'in', REFUSED]);
      expect(await logins(old)).toEqual([REFUSED, REFUSED, REFUSED]);
    }
  });

  test('come beside a shared one, which rotates on and goes when it is told to, and nobody uses it', async () => {
    await run('prepare', A, {});
    await run('finish', A, {});
    await run('prepare', B);
    expect(await logins(A)).toEqual(['in', 'in', 'in']);
    expect(await logins(B)).toEqual(['in', 'in', 'in']);
    await run('finish', B);
    expect(await logins(A)).toEqual([REFUSED, REFUSED, REFUSED]);
    expect(await logins(B)).toEqual(['in', 'in', 'in']);

    const leave = await server.idle('proctorwise', B, 1);
    const busy = await run('finish', B, { accounts, sharedAccount: 'dropped' });
    await leave();
    expect([busy.status, busy.output]).toEqual([
      1,
      expect.stringMatching(/proctorwise is not dropped: somebody is logged in with it, from 127\.0\.0\.1\n/),
    ]);
    expect((await logins(B))[2]).toBe('in');
    const dropped = await run('finish', B, { accounts, sharedAccount: 'dropped', deadlineSeconds: 10 });
    expect(dropped.output).toMatch(/^user proctorwise: dropped/m);
    expect(await logins(B)).toEqual(['in', 'in', REFUSED]);
    // Going back to a commit with the shared one.
    await run('prepare', B, {});
    expect((await logins(B))[2]).toBe('in');
  });

  test('lose what the catalogue no longer says, at the end', async () => {
    await server.sql(`GRANT ALL PRIVILEGES ON \`proctorwise\\_users\`.* TO '${USERS}'@'%'`);
    const fewer = [accounts[0]!, account('reports', 'proctorwise_exams')];
    const prepared = await run('prepare', B, { accounts: fewer });
    expect(prepared.output).toMatch(
      /^proctorwise_reports may do more than the catalogue says: SELECT, SHOW VIEW on `proctorwise\\_users`\.\*; taken away at the end$/m,
    );
    expect(await as('reports', B, 'SELECT * FROM proctorwise_users.people')).toBe('in');
    await run('finish', B, { accounts: fewer });
    expect(await as('reports', B, 'SELECT * FROM proctorwise_users.people')).toBe('ERROR 1142');
    expect(await as('userservice', B, 'DROP TABLE proctorwise_users.pets')).toBe('ERROR 1142');
    expect(await as('userservice', B, 'SELECT * FROM proctorwise_users.people')).toBe('in');
    expect((await run('prepare', B, { accounts: fewer })).output).not.toMatch(/more than/);
  });

  test('an adopted account with all rights everywhere is told, and keeps or loses them as the catalogue says', async () => {
    await server.sql(
      "GRANT ALL PRIVILEGES ON *.* TO 'proctorwise'@'%' WITH GRANT OPTION; GRANT SELECT ON mysql.* TO 'proctorwise'@'%'",
    );
    const more = 'ALL PRIVILEGES, GRANT OPTION on \\*\\.\\*; SELECT on `mysql`\\.\\*';
    const kept = await run('prepare', B, {});
    expect(kept.output).toMatch(
      new RegExp(
        `^proctorwise may do more than the catalogue says: ${more}; otherRights: 'revoked' in the catalogue takes it away$`,
        'm',
      ),
    );
    await run('finish', B, {});
    const going = await run('prepare', B, { accounts, sharedAccount: 'dropped' });
    expect(going.output).toMatch(
      new RegExp(`^proctorwise may do more .*: ${more}; it is dropped at the end$`, 'm'),
    );
    const allGrants = await server.sql("SHOW GRANTS FOR 'proctorwise'@'%'");
    expect(allGrants).toMatch(/ALL PRIVILEGES ON \*\.\*/);

    const leave = await server.idle('proctorwise', B, 1);
    expect((await run('finish', B, { otherRights: 'revoked' })).status).toBe(0);
    await leave();
    const grants = await server.sql("SHOW GRANTS FOR 'proctorwise'@'%'");
    expect(grants).not.toMatch(/ON \*\.\* .*GRANT OPTION|ALL PRIVILEGES ON \*\.\*|mysql/);
    expect(grants).toMatch(/GRANT ALL PRIVILEGES ON `proctorwise\\\\_exams`/);
    expect(await server.asClient('proctorwise', B, 'SELECT * FROM proctorwise_users.people')).toBe('in');
  });
});
