import { readFileSync } from 'node:fs';
import { describeWithMariadb, INIT_FILE, TestMariadb } from '../../operations/provision/mariadb';

// What the image's health check runs, as root in the container.
const HEALTH = 'SELECT @@skip_networking';
const NO_INIT_FILE = '/dev/null';
const ROOT = "'root'@'localhost'";

test('the init file has one statement per line, which is how mariadbd splits it', () => {
  for (const line of readFileSync(INIT_FILE, 'utf8').split('\n')) {
    expect(line).toMatch(/^$|^--( |$)|^[A-Z].*;$/);
  }
});

describeWithMariadb('the init file', () => {
  const server = new TestMariadb();
  beforeAll(() => server.initialise());
  afterEach(() => server.stop());
  afterAll(() => server.remove());

  test('leaves the temporary server of a first start to the entrypoint', async () => {
    await server.start(['--skip-networking']);
    expect(await server.loginAsNobody('root')).toBe('in');
    expect(await server.sql(HEALTH)).toBe('1');
    // What the entrypoint does there with MARIADB_ROOT_PASSWORD_HASH=invalid.
    await server.sql(`CREATE USER 'root'@'%' IDENTIFIED BY PASSWORD 'invalid';
      GRANT ALL ON *.* TO 'root'@'%' WITH GRANT OPTION;
      SET PASSWORD FOR ${ROOT} = 'invalid';`);
  });

  test('then lets root in over the socket alone', async () => {
    await server.start();
    expect(await server.sql(HEALTH)).toBe('0');
    expect(await server.loginAsNobody('root')).toBe('ERROR 1698');
    // mariadb-install-db leaves this one without a password; a killed first start leaves it to us.
    expect(await server.loginOverTcp('root', '')).toBe('ERROR 4151');
    expect(server.log).not.toMatch(/ERROR/);
  });

  test('takes over a data directory of an older stack', async () => {
    await server.start([], NO_INIT_FILE);
    await server.sql(`DROP USER 'root'@'127.0.0.1', 'root'@'::1'; CREATE USER ''@'localhost'; CREATE USER ''@'%';
      CREATE USER 'root'@'10.%' IDENTIFIED BY 'old'; ALTER USER 'root'@'%' IDENTIFIED BY 'old' ACCOUNT UNLOCK;
      CREATE USER 'proctorwise'@'%' IDENTIFIED BY 'old';
      ALTER USER ${ROOT} IDENTIFIED BY 'old' ACCOUNT LOCK;`);
    expect(await server.loginOverTcp('root', 'old')).toBe('in');
    await server.stop('SIGKILL');

    await server.start(['--sql-mode=ANSI_QUOTES,NO_BACKSLASH_ESCAPES']);
    expect(await server.sql(HEALTH)).toBe('0');
    // 4151: the account is locked; 1698: not the OS user root.
    expect(await server.loginOverTcp('root', 'old')).toBe('ERROR 4151');
    expect(await server.loginAsNobody('root')).toBe('ERROR 1698');
    expect(await server.loginOverTcp('proctorwise', 'old')).toBe('in');
    expect(await server.sql("SELECT User, Host FROM mysql.user WHERE User = ''")).toBe('');
    expect(
      await server.sql(
        "SELECT Host FROM mysql.global_priv WHERE User = 'root' AND JSON_VALUE(Priv, '$.account_locked') ORDER BY Host",
      ),
    ).toBe('%\n10.%');
  });

  test("is not stopped by accounts of a host's name, which the server does not know without name resolution", async () => {
    await server.start(['--skip-name-resolve=0'], NO_INIT_FILE);
    await server.sql(`CREATE USER 'root'@'db.example.com' IDENTIFIED BY 'old'; CREATE USER ''@'db.example.com';
      CREATE USER 'root'@'10.9.%' IDENTIFIED BY 'old'`);
    await server.stop();
    await server.start();
    expect(server.log).not.toMatch(/ERROR/);
    expect(await server.loginAsNobody('root')).toBe('ERROR 1698');
    expect(
      await server.sql(
        "SELECT JSON_VALUE(Priv, '$.account_locked') FROM mysql.global_priv WHERE User = 'root' AND Host = '10.9.%'",
      ),
    ).toBe('1');
  });

  test('gives root@localhost back when an older stack had dropped it, and again at every start', async () => {
    await server.start();
    await server.sql(`DROP USER ${ROOT}`);
    await server.stop();
    await server.start();
    expect(await server.sql('SELECT CURRENT_USER()')).toBe('root@localhost');
    expect(await server.sql(`SHOW GRANTS FOR ${ROOT}`)).toMatch(/GRANT ALL PRIVILEGES .* WITH GRANT OPTION/);
    await server.stop();
    await server.start();
    expect(server.log).not.toMatch(/ERROR/);
  });
});
