import { secretsInCommand, withoutSecrets } from '../../../../constructs/units/secret-looking';

test.each([
  [['migrate', '--password=hunter2'], 'password'],
  [['migrate', '--db-password', 'hunter2'], 'db_password'],
  [['migrate', '-token', 'hunter2'], 'token'],
  [['run', 'mysql://a:hunter2@db/x'], undefined],
  [['curl', '-u', 'admin:hunter2', 'http://127.0.0.1/'], undefined],
  [['/usr/bin/curl', '--user=admin:hunter2'], undefined],
  [['CMD-SHELL', 'curl -u "admin:hunter2" http://127.0.0.1/ || exit 1'], undefined],
  [['CMD-SHELL', "PGPASSWORD='hunter2' psql -c 'select 1'"], 'PGPASSWORD'],
  [['sh', '-ec', 'cd /app;DB_PASSWORD=hunter2 migrate'], 'DB_PASSWORD'],
  [['sh', '-c', 'migrate --url mysql://a:hunter2@$HOST/x'], undefined],
])('%j has one', (words, name) => {
  const found = secretsInCommand(words);
  expect(found).toEqual([expect.objectContaining({ name })]);
  expect(JSON.stringify(found)).not.toContain('hunter2');
});

test.each([
  [['alembic', 'upgrade', 'head']],
  [['migrate', '--password-file', '/run/secrets/x']],
  [['migrate', '--no-password', 'run']],
  [['migrate', '--password', '--all']],
  [['migrate', '--token-ttl', '30']],
  [['chpst', '-u', 'app:app', 'migrate']],
  [['CMD', 'curl', '-fsS', '-m', '3', 'http://127.0.0.1:8000/health']],
  [['CMD-SHELL', 'curl -u "admin:$(cat /run/secrets/$(hostname))" http://127.0.0.1/']],
  [['CMD-SHELL', 'MYSQL_PWD="$(cat /run/secrets/x)" mysqladmin ping']],
  [['sh', '-c', 'DB_PASSWORD=${OTHER} migrate --password="$DB_PASSWORD" mysql://a:$DB_PASSWORD@db/x']],
  [['sh', '-c', 'DB_PASSWORD=`cat /run/secrets/x` migrate']],
])('%j has none', (words) => expect(secretsInCommand(words)).toEqual([]));

test('for people to read, such words are left out, and no other', () => {
  expect(withoutSecrets(['sh', '-c', 'A_TOKEN=hunter2 x', '--drain=6', '--password', 'hunter2'])).toEqual([
    ...['sh', '-c', '…', '--drain=6', '--password', '…'],
  ]);
});
