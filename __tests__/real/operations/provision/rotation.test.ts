import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Phase, ProvisionSettings } from '../../../../contract/provision';
import { provision } from '../../../../operations/provision/main';
import type { Execute } from '../../../../operations/provision/server';
import { settingsFor } from '../../../unit/operations/provision/fixtures';
import { describeWithMariadb, startedMariadb } from './mariadb';

const A = 'first password, long';
const B = `"it's" 50% \\ #;-- \`$x\``;
const C = 'third password, long';
const REFUSED = 'ERROR 1045';

describeWithMariadb('provisioning', () => {
  const server = startedMariadb();

  const run = async (
    phase: Phase,
    password: string,
    change: Partial<ProvisionSettings> = {},
    execute: Execute = server.execute,
  ) => {
    const lines: string[] = [];
    const print = (line: string) => lines.push(line);
    const settings = { ...settingsFor(password), ...change };
    const env = { PROVISION: JSON.stringify(settings), TF_VAR_db_password: password };
    const status = await provision({ arguments: [phase], env, print, printError: print, execute });
    const output = lines.join('\n');
    for (const secret of [A, B, C]) expect(output).not.toContain(secret);
    expect(output).not.toMatch(/[0-9A-Fa-f]{8}/);
    return { status, output };
  };
  const login = (password: string) => server.loginOverTcp('proctorwise', password);
  const logins = async () => [await login(A), await login(B), await login(C)];

  test('makes databases, user and grants on an empty server', async () => {
    const { status, output } = await run('prepare', A);
    expect(output).toBe(
      [
        'database proctorwise_users: created (utf8mb4, utf8mb4_unicode_ci)',
        'database proctorwise_exams: created (utf8mb4, utf8mb4_unicode_ci)',
        'user proctorwise: created, with the new password',
        'grants: proctorwise has all rights in proctorwise_users, proctorwise_exams',
      ].join('\n'),
    );
    expect(status).toBe(0);
    expect(await logins()).toEqual(['in', REFUSED, REFUSED]);
    expect(await server.sql("SELECT Db FROM mysql.db WHERE User = 'proctorwise' ORDER BY Db")).toBe(
      'proctorwise\\\\_exams\nproctorwise\\\\_users',
    );
  });

  test('finds all done the second time', async () => {
    expect((await run('prepare', A)).output).toMatch(
      /^password: accepted already, nothing changed\ngrants: .*$/,
    );
    expect((await run('finish', A)).output).toBe('password: it is the only one already, nothing changed');
  });

  test('an existing database keeps its character set', async () => {
    await server.sql('CREATE DATABASE old_one CHARACTER SET latin1');
    const { output } = await run('prepare', A, { databases: [{ name: 'old_one' }] });
    expect(output).not.toMatch(/created/);
    expect(
      await server.sql(
        "SELECT DEFAULT_CHARACTER_SET_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = 'old_one'",
      ),
    ).toBe('latin1');
  });

  test('rotates with both passwords accepted until the end, and never restarts', async () => {
    const uptime = Number((await server.sql("SHOW STATUS LIKE 'Uptime'")).split('\t')[1]);
    expect((await run('prepare', B)).output).toMatch(/^password: new one accepted beside the one in force$/m);
    expect(await logins()).toEqual(['in', 'in', REFUSED]);
    // Killed here and run again: the old one must survive that.
    await run('prepare', B);
    expect(await logins()).toEqual(['in', 'in', REFUSED]);
    expect((await run('finish', B)).output).toBe('password: only the new one is accepted from now on');
    expect(await logins()).toEqual([REFUSED, 'in', REFUSED]);
    expect(Number((await server.sql("SHOW STATUS LIKE 'Uptime'")).split('\t')[1])).toBeGreaterThanOrEqual(
      uptime,
    );
  });

  test('rotates back', async () => {
    await run('prepare', A);
    await run('finish', A);
    expect(await logins()).toEqual(['in', REFUSED, REFUSED]);
  });

  test('a rotation whose applications failed goes back to the old password', async () => {
    await run('prepare', B);
    expect((await run('prepare', A)).output).toMatch(/accepted already, nothing changed/);
    expect(await logins()).toEqual(['in', 'in', REFUSED]);
    await run('finish', A);
    expect(await logins()).toEqual(['in', REFUSED, REFUSED]);
  });

  test('a third password waits until the second rotation is over, and nothing is locked out', async () => {
    await run('prepare', B);
    const third = await run('prepare', C, { databases: [{ name: 'never_made' }] });
    expect(third.status).toBe(1);
    expect(third.output).toMatch(/an earlier rotation did not finish/);
    expect(await server.sql("SHOW DATABASES LIKE 'never_made'")).toBe('');
    expect(await logins()).toEqual(['in', 'in', REFUSED]);
    await run('finish', B);
    await run('prepare', C);
    expect(await logins()).toEqual([REFUSED, 'in', 'in']);
    await run('finish', C);
    expect(await logins()).toEqual([REFUSED, REFUSED, 'in']);
  });

  test('does not finish with a password that was never prepared', async () => {
    const { status, output } = await run('finish', A);
    expect(status).toBe(1);
    expect(output).toMatch(/not accepted yet, nothing was changed/);
    expect(await login(C)).toBe('in');
  });

  test('can be cut off after any command and run again', async () => {
    for (const [password, old] of [
      [A, C],
      [C, A],
    ] as const) {
      for (let allowed = 0; allowed < 9; allowed += 1) {
        let left = allowed;
        const cut: Execute = async (command, stdin) => {
          if (left === 0) throw new Error('cut off');
          left -= 1;
          return server.execute(command, stdin);
        };
        await run('prepare', password, {}, cut);
        expect(await login(old)).toBe('in');
      }
      expect((await run('prepare', password)).status).toBe(0);
      expect((await run('finish', password)).status).toBe(0);
      expect([await login(password), await login(old)]).toEqual(['in', REFUSED]);
    }
  });

  test('a connection that ends inside a statement changes nothing', async () => {
    const before = await server.sql("SHOW CREATE USER 'proctorwise'@'%'");
    // After each quote the statement may look complete: '<new>' without OR '<old>'.
    for (let quote = 1; quote <= 8; quote += 1) {
      const torn: Execute = (command, stdin) =>
        server.execute(command, stdin.replace(new RegExp(`(^ALTER(?:[^']*'){${quote}})[^]*`, 'm'), '$1'));
      const { status, output } = await run('prepare', A, {}, torn);
      expect([status, output]).toEqual([1, 'provision: MariaDB: the SQL did not arrive whole']);
      expect(await server.sql("SHOW CREATE USER 'proctorwise'@'%'")).toBe(before);
    }
  });

  test('survives kill -9 of the server between the two phases', async () => {
    await run('prepare', A);
    await server.stop('SIGKILL');
    await server.start();
    expect([await login(A), await login(C)]).toEqual(['in', 'in']);
    await run('finish', A);
    expect([await login(A), await login(C)]).toEqual(['in', REFUSED]);
  });

  test('keeps another way to log in until the end, and rights in other databases', async () => {
    await server
      .sql("ALTER USER 'proctorwise'@'%' IDENTIFIED VIA unix_socket OR ed25519 USING PASSWORD('x')")
      .catch(() =>
        server.sql(
          "INSTALL SONAME 'auth_ed25519'; ALTER USER 'proctorwise'@'%' IDENTIFIED VIA unix_socket OR ed25519 USING PASSWORD('x')",
        ),
      );
    await server.sql("GRANT SELECT ON mysql.* TO 'proctorwise'@'%'");
    await run('prepare', B);
    expect(await server.sql("SHOW CREATE USER 'proctorwise'@'%'")).toMatch(
      /native_password .*unix_socket OR ed25519/,
    );
    await run('finish', B);
    expect(await logins()).toEqual([REFUSED, 'in', REFUSED]);
    expect(await server.sql("SHOW GRANTS FOR 'proctorwise'@'%'")).toMatch(/GRANT SELECT ON `mysql`/);
  });

  test('applies a schema file in its database at every prepare', async () => {
    const schemaFile = join(tmpdir(), `schema-${process.pid}.sql`);
    writeFileSync(
      schemaFile,
      "CREATE TABLE IF NOT EXISTS people (name TEXT DEFAULT 'Zoë\\'s');\nSELECT 1;\n",
    );
    const databases = [{ name: 'proctorwise_users', schemaFile }];
    for (const _ of [1, 2]) {
      expect((await run('prepare', B, { databases })).output).toMatch(
        /^schema of proctorwise_users: applied$/m,
      );
    }
    expect(
      await server.sql("SELECT COLUMN_DEFAULT FROM information_schema.COLUMNS WHERE TABLE_NAME = 'people'"),
    ).toContain('Zoë');
    writeFileSync(schemaFile, 'CREATE TABLE broken (;\n');
    const failed = await run('prepare', B, { databases });
    expect(failed.status).toBe(1);
    expect(failed.output).toMatch(/MariaDB: ERROR 1064 \(42000\) at line 1/);
    rmSync(schemaFile);
  });

  test('a schema file that is not there is noticed before anything is changed', async () => {
    const { status, output } = await run('prepare', A, {
      databases: [{ name: 'proctorwise_users', schemaFile: '/nonexistent/schema.sql' }],
    });
    expect(status).toBe(2);
    expect(output).toMatch(/nonexistent\/schema\.sql/);
    expect(await login(A)).toBe(REFUSED);
  });

  test('says what is wrong when root cannot log in', async () => {
    const asNobody: Execute = async (command, stdin) =>
      server.execute([...command, '--user=stranger'], stdin);
    const { status, output } = await run('prepare', A, {}, asNobody);
    expect(status).toBe(1);
    expect(output).toMatch(/Access denied[\s\S]*is it the service's --init-file/);
  });
});
