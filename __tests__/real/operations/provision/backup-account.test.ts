import { createHash } from 'node:crypto';
import { provision } from '../../../../operations/provision/main';
import { settingsFor } from '../../../unit/operations/provision/fixtures';
import { describeWithMariadb, startedMariadb } from './mariadb';

const PASSWORD = 'first password, long';
const USER = 'proctorwise_backup';
const DERIVATION = 'proctorwise/mariadb/backup/account/';
const own = createHash('sha256').update(`${DERIVATION}${PASSWORD}`).digest('hex');

describeWithMariadb('the account that backups are made with', () => {
  const server = startedMariadb();

  const run = async (phase: 'prepare' | 'finish') => {
    const lines: string[] = [];
    const print = (line: string) => lines.push(line);
    const settings = {
      ...settingsFor(PASSWORD),
      backup: { user: USER, derivation: DERIVATION, ships: true },
    };
    const env = { PROVISION: JSON.stringify(settings), TF_VAR_db_password: PASSWORD };
    const { execute } = server;
    const status = await provision({ arguments: [phase], env, print, printError: print, execute });
    return { status, output: lines.join('\n') };
  };
  const as = (sql: string) => server.asClient(USER, own, sql);

  test('is made, reads the databases, and writes nothing', async () => {
    const { status, output } = await run('prepare');
    expect(output).toContain(`grants: ${USER} reads for backups, with 4 connections at most`);
    expect(status).toBe(0);
    await server.sql('CREATE TABLE proctorwise_users.people (name TEXT)');
    for (const sql of [
      'SELECT * FROM proctorwise_users.people',
      'SHOW MASTER STATUS',
      'FLUSH BINARY LOGS',
      'BACKUP STAGE START; BACKUP STAGE END',
      'SELECT name FROM mysql.proc',
    ]) {
      expect([sql, await as(sql)]).toEqual([sql, 'in']);
    }
    for (const sql of [
      "INSERT INTO proctorwise_users.people VALUES ('anna')",
      'DROP TABLE proctorwise_users.people',
      'SELECT * FROM mysql.global_priv',
      "CREATE USER eve IDENTIFIED BY 'a password of eve'",
      'SET GLOBAL max_connections = 5',
    ]) {
      expect([sql, await as(sql)]).toEqual([sql, expect.stringMatching(/^ERROR (1142|1044|1227)$/)]);
    }
  });

  test('keeps all its rights at the end, and is found the same by the next deploy', async () => {
    const finished = await run('finish');
    expect([finished.status, finished.output]).toEqual([0, expect.not.stringMatching(/taken away/)]);
    expect(await as('FLUSH BINARY LOGS')).toBe('in');
    expect((await run('prepare')).output).not.toMatch(/more than/);
  });
});
