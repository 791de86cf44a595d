import { Redactor } from '../../../../operations/redact/redactor';
import { withoutPasswords } from '../../../../operations/redact/urls';

test('a redactor that knows no value hides the password of a URL, and leaves who logs in where', () => {
  const url = 'mysql+pymysql://shop_web:0f3a9c@mariadb:3306/shop';
  expect(new Redactor().hide(`DATABASE_URL=${url}`)).toBe(
    'DATABASE_URL=mysql+pymysql://shop_web:<password>@mariadb:3306/shop',
  );
});

test.each([
  ['without a user', 'redis://:pw@cache:6379/0', 'redis://:<password>@cache:6379/0'],
  ['with encoded characters', 'amqp://u:p%40%2Fw@h', 'amqp://u:<password>@h'],
  ['with an @ in it', 'mysql://u:p@ss@h/db?mail=a@b', 'mysql://u:<password>@h/db?mail=a@b'],
  ['with a slash in it', '"postgres://u:ab/cd==@h/x"', '"postgres://u:<password>@h/x"'],
  ['with a quote in it', "connect('mysql://u:it's@h')", "connect('mysql://u:<password>@h')"],
  ['of several', 'redis://:a@h1,redis://:b@h2', 'redis://:<password>@h1,redis://:<password>@h2'],
  ['in JSON that escapes slashes', '"mysql:\\/\\/u:pw@h\\/db"', '"mysql:\\/\\/u:<password>@h\\/db"'],
  [
    'in a query',
    'next=mysql%2Bpymysql%3A%2F%2Fu%3Ap%2540w%40h%2Fdb%3Fmail%3Da%2540b&mail=a%40b',
    'next=mysql%2Bpymysql%3A%2F%2Fu%3A<password>%40h%2Fdb%3Fmail%3Da%2540b&mail=a%40b',
  ],
  [
    'in a query of a query, in lower case',
    'x=mysql%253a%252f%252fu%253apw%2540h%252fdb',
    'x=mysql%253a%252f%252fu%253a<password>%2540h%252fdb',
  ],
])('hides a password %s', (_, text, shown) => {
  expect(withoutPasswords(text)).toBe(shown);
});

test.each([
  ['a login without a password', 'ssh://deploy@203.0.113.10:22 and sftp://u@h/folder'],
  ['an empty password', 'https://user:@host/x'],
  ['an address with a port', 'http://web:8080/a@b http://web:8080?mail=a@b http://[::1]:80/x@y'],
  ['what stands behind a URL', `{"url":"http://h:80","mail":"a@b"} {'url':'http://h:80','mail':'a@b'}`],
  ['listeners', 'PLAINTEXT://:9092,CONTROLLER://:9093 voters=1@kafka:9093'],
  ['a path of Windows', 'file:///C:/Users/a@b'],
  ['what is no URL', 'user@host:pw at 12:30@noon'],
  [
    'what is filled in later',
    'mysql://u:{db_password}@h mysql://u:${DB_PASSWORD}@h u%3A%7Bdb_password%7D%40h',
  ],
  ['a name that stands in place of a value', 'mysql://u:<TF_VAR_db_password>@h'],
])('leaves %s as it is', (_, text) => {
  expect(withoutPasswords(text)).toBe(text);
});

test.each([
  ['a://b:', 50_000],
  ['a://b:c/', 50_000],
  ['a%3A%2F%2Fb%3A', 20_000],
  ['%25', 100_000],
  ['\\', 200_000],
])('takes no long time over what only begins like one, again and again: %s', (text, times) => {
  const began = performance.now();
  withoutPasswords(`a://b:${text.repeat(times)}`);
  // Some milliseconds. With an expression that backtracks it is minutes.
  expect(performance.now() - began).toBeLessThan(5_000);
});
