import { runSecretCommand } from '../../../../operations/inputs/command';

const run = (script: string, more: object = {}) =>
  runSecretCommand({
    name: 'db_password',
    command: ['sh', '-c', script],
    folder: '/',
    env: { PATH: process.env.PATH },
    ...more,
  });
const failure = (script: string, more: object = {}) =>
  run(script, more).then(
    () => 'no error',
    (error: Error) => error.message,
  );

test.each([
  ['no line end', "printf 'geheim'", 'geheim'],
  ['a line end', "printf 'geheim\\n'", 'geheim'],
  ['a Windows line end', "printf 'geheim\\r\\n'", 'geheim'],
  ['spaces, which belong to it', "printf ' ge heim \\n'", ' ge heim '],
  ['several lines', "printf 'a\\nb\\n\\n'", 'a\nb\n'],
  ['UTF-8', "printf 'gehe\\303\\257m\\n'", 'geheïm'],
])('takes a value with %s', async (_, script, value) => {
  expect(await run(script)).toBe(value);
});

test('runs in the project’s folder with the given environment alone', async () => {
  expect(
    await run('printf %s "$PWD $TOKEN${HOME-}"', {
      folder: '/usr',
      env: { PATH: process.env.PATH, TOKEN: 't' },
    }),
  ).toBe('/usr t');
});

test.each([
  ['fails', 'echo geheim; echo geheim >&2; exit 3', /ended with 3\n {2}run it yourself/],
  ['dies of a signal', 'echo geheim; kill -9 $$', /ended with null\n/],
  ['prints nothing', 'exit 0', /printed nothing\n/],
  ['prints a line end alone', 'echo', /printed nothing\n/],
  ['prints bytes that are no text', "printf 'geheim\\377'", /printed bytes that are no text\n/],
  ['prints a NUL', "printf 'geheim\\0'", /printed bytes that are no text\n/],
  ['prints without end', 'yes geheim', /printed more than a secret can hold\n/],
])('a command that %s is named with its secret, and its output is not shown', async (_, script, words) => {
  const message = await failure(script);
  expect(message).toMatch(words);
  expect(message).toContain('the secret db_password: `sh -c ');
  expect(message.replace(script, '')).not.toContain('geheim');
});

test('a program that is not there is named with the other way', async () => {
  const command = ['no-such-program', 'read', 'op://vault/db/password'];
  expect(await failure('', { command })).toBe(
    'the secret db_password: `no-such-program read op://vault/db/password` cannot be run: there is no program no-such-program here\n' +
      '  install it, or export TF_VAR_db_password',
  );
});

test('one that hangs is given up, though what it started holds its output open', async () => {
  const began = Date.now();
  expect(await failure('sleep 60 & sleep 60', { timeoutSeconds: 0.3 })).toMatch(/gave no answer for 0.3 s\n/);
  expect(Date.now() - began).toBeLessThan(30_000);
});

test('Ctrl-C ends it', async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 200);
  expect(await failure('sleep 8', { signal: stop.signal })).toMatch(/was interrupted\n/);
});
