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
  [['sh', '-c', 'migrate --user "$USER" --password hunter2 up'], 'password'],
  [['sh', '-c', "migrate --password ';hunter2'"], 'password'],
  [['/bin/bash', '-o', 'pipefail', '-ec', 'migrate --password hunter2 | tee log'], 'password'],
  [['busybox', 'sh', '-c', 'migrate --password hunter2'], 'password'],
  [['CMD-SHELL', 'su app -c "migrate --password hunter2"'], 'password'],
  [['app', '-c', 'password=hunter2'], 'password'],
  [['app', '--api-tokens', 'hunter2,hunter3'], 'api_tokens'],
  [['app', '--token-ttl', 'hunter2'], 'token_ttl'],
  [['app', '--signing-key', '/hUnTer2hunter2/abc'], 'signing_key'],
  [['app', '--webhook-secret', 'https://issuer/hook?sig=hunter2'], 'webhook_secret'],
  [['app', '--token-url', 'https://app:hunter2@issuer/token'], undefined],
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
  [['CMD-SHELL', 'redis-cli --pass "$(cat /run/secrets/redis_password)" ping | grep -q PONG']],
  [['CMD-SHELL', 'etcdctl --user root --password "$P" endpoint health']],
  [['CMD-SHELL', 'mongosh --password ${P} admin']],
  [['CMD-SHELL', "redis-cli --pass '' ping"]],
  [['sh', '-c', 'app --token "$(cat /run/secrets/t)" migrate']],
  [['app', '--token-url', 'https://issuer/token', '--reset-password-url', 'https://x']],
  [['app', '--token-url=/oauth/token?grant=code', '--token-issuer', 'https://issuer']],
  [['app', '--access-token-ttl', '30m', '--token-lifetime', '3600', '--token-max-age=1h30m']],
  [['app', '--api-key-name', 'X-Api-Key']],
  [['vllm', 'serve', '--tokenizer', 'gpt2', '--max-tokens', '4096']],
  [['app', '--private-key', '/run/secrets/Key.pem', '--jwt-secret', '/run/secrets/JWT_KEY']],
  [['app', '--private-key', '/etc/app/key.pem']],
  [['sh', '-c', 'PWD=/app OLDPWD=/ migrate']],
  [['python', '-c', "import os; token=os.environ['TOKEN']"]],
  [['CMD-SHELL', `python3 -c "import os; token=os.environ['TOKEN']"`]],
])('%j has none', (words) => expect(secretsInCommand(words)).toEqual([]));

test('for people to read, such words are left out, and no other', () => {
  expect(withoutSecrets(['sh', '-c', 'A_TOKEN=hunter2 x', '--drain=6', '--password', 'hunter2'])).toEqual([
    ...['sh', '-c', '…', '--drain=6', '--password', '…'],
  ]);
});
