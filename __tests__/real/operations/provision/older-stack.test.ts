import type { Phase } from '../../../../contract/provision';
import { provision } from '../../../../operations/provision/main';
import { settingsFor } from '../../../unit/operations/provision/fixtures';
import { describeWithMariadb, TestMariadb } from './mariadb';

const OLD = 'chosen by the older stack';
const NEW = 'first password of this one';
const NEXT = `another, with "quotes' and \\`;
const REFUSED = 'ERROR 1045';
const NO_INIT_FILE = '/dev/null';

describeWithMariadb('on a data directory that an older stack initialised,', () => {
  const server = new TestMariadb();
  afterAll(() => server.remove());

  // What the image's entrypoint makes of MYSQL_ROOT_PASSWORD, MYSQL_DATABASE, MYSQL_USER and MYSQL_PASSWORD, and what
  // an operator added since.
  beforeAll(async () => {
    server.initialise();
    await server.start([], NO_INIT_FILE);
    await server.sql(`CREATE DATABASE proctorwise_users; CREATE USER 'proctorwise'@'%' IDENTIFIED BY '${OLD}';
      GRANT ALL ON proctorwise_users.* TO 'proctorwise'@'%'; CREATE USER 'reports'@'%' IDENTIFIED BY 'theirs alone';
      GRANT SELECT ON proctorwise_users.* TO 'reports'@'%';
      CREATE TABLE proctorwise_users.people (name TEXT); INSERT INTO proctorwise_users.people VALUES ('Ada'), ('Zoë');
      DROP USER 'root'@'127.0.0.1', 'root'@'::1';
      CREATE USER 'root'@'%' IDENTIFIED BY 'old root'; GRANT ALL ON *.* TO 'root'@'%' WITH GRANT OPTION;
      SET PASSWORD FOR 'root'@'localhost' = PASSWORD('old root');`);
    await server.stop();
    await server.start();
  }, 60_000);

  const run = async (phase: Phase, password: string) => {
    const lines: string[] = [];
    const print = (line: string) => lines.push(line);
    const env = { PROVISION: JSON.stringify(settingsFor(password)), TF_VAR_db_password: password };
    const status = await provision({
      arguments: [phase],
      env,
      print,
      printError: print,
      execute: server.execute,
    });
    return { status, output: lines.join('\n') };
  };
  const login = (password: string, user = 'proctorwise') => server.loginOverTcp(user, password);

  test('the applications’ account keeps its password beside the new one until the end', async () => {
    expect(await login(OLD)).toBe('in');
    const { status, output } = await run('prepare', NEW);
    expect([status, output]).toEqual([
      0,
      expect.stringContaining('password: new one accepted beside the one in force'),
    ]);
    expect(output).toMatch(/^root@%: locked, root comes over the socket alone; a backup over TCP needs/m);
    expect([await login(OLD), await login(NEW)]).toEqual(['in', 'in']);
    expect((await run('finish', NEW)).status).toBe(0);
    expect([await login(OLD), await login(NEW)]).toEqual([REFUSED, 'in']);
  });

  test('it rotates again, twice in a row and back to the older stack’s own', async () => {
    for (const [next, before] of [
      [NEXT, NEW],
      [OLD, NEXT],
    ] as const) {
      expect((await run('prepare', next)).status).toBe(0);
      expect([await login(next), await login(before)]).toEqual(['in', 'in']);
      expect((await run('finish', next)).status).toBe(0);
      expect([await login(next), await login(before)]).toEqual(['in', REFUSED]);
    }
  });

  test('nobody else’s account, right or row is touched, and the old root is out', async () => {
    expect(await login('theirs alone', 'reports')).toBe('in');
    expect(await server.sql("SHOW GRANTS FOR 'reports'@'%'")).toMatch(/GRANT SELECT ON `proctorwise_users`/);
    expect(await server.sql('SELECT name FROM proctorwise_users.people ORDER BY name')).toBe('Ada\nZoë');
    // 4151: the account is locked.
    expect(await login('old root', 'root')).toBe('ERROR 4151');
    expect(await server.loginAsNobody('root')).toBe('ERROR 1698');
  });

  test('an account of the same name for some addresses alone is told before anything is changed', async () => {
    await server.sql("CREATE USER 'proctorwise'@'10.0.%' IDENTIFIED BY 'x'");
    const { status, output } = await run('prepare', NEW);
    expect([status, output]).toEqual([1, expect.stringMatching(/'proctorwise'@'10\.0\.%' exists, too/)]);
    expect([await login(OLD), await login(NEW)]).toEqual(['in', REFUSED]);
  });
});
