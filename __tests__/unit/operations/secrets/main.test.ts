import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { read } from '../../../../cli/run/secrets';
import { secrets } from '../../../../cli/verbs/secrets';
import { versionOf } from '../../../../operations/inputs/declared';
import { runSecrets } from '../../../../operations/secrets/main';
import { UsageError } from '../../../../operations/terminal/usage-error';
import { callOf } from '../../../support/cli/call';
import { type FakeDaemon, fakeDaemon } from '../docker/fake-daemon';
import { secret, service } from './secrets';

const key = secret('key', { minLength: 50 });
const issued = secret('login', { origin: 'somebody else issues' });
const opener = secret('repository', { opens: 'the backups' });
const VALUE = 'geheim-geheim-geheim';
let daemon: FakeDaemon;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  const name = `shop_key_${versionOf(key, VALUE)}`;
  daemon = await fakeDaemon((request, _body, response) => {
    const answers: Record<string, unknown> = {
      '/secrets': [{ CreatedAt: '2026-11-20T00:00:00Z', Spec: { Name: name } }],
      '/services': [service('web', name)],
    };
    response.end(JSON.stringify(answers[request.url ?? '']));
  });
});
afterEach(async () => {
  await daemon.stop();
  rmSync(folder, { recursive: true });
});

async function run(args: string[], env: Record<string, string> = {}) {
  let [out, err] = ['', ''];
  const status = await runSecrets({
    options: read(callOf(secrets, args, env)),
    env,
    projectFolder: folder,
    describe: () => ({
      id: 'swarm',
      namespace: 'shop',
      secrets: [key, issued, opener],
      commands: {},
      services: [{ id: 'web', replicas: 2 }],
      target: () => ({ host: daemon.host }),
    }),
    print: (text) => {
      out += text;
    },
    printError: (text) => {
      err += text;
    },
  });
  return { status, out, err };
}

test('lists what the Swarm has beside what is here, for people and for machines', async () => {
  writeFileSync(join(folder, '.env'), `TF_VAR_key=${VALUE}\n`, { mode: 0o600 });
  const { status, out } = await run([]);
  expect(status).toBe(0);
  expect(out).toMatch(/^key +[0-9a-f]{10} +\d+ d +web +2 tasks of web +\.env +keeps it$/m);
  const listed = JSON.parse((await run(['--json'])).out);
  expect(listed).toMatchObject({
    stack: 'swarm',
    environment: 'production',
    secrets: [{ name: 'key', usedBy: ['web'] }, { name: 'login' }, { name: 'repository' }],
  });
  expect(out + JSON.stringify(listed)).not.toContain('geheim');
  expect(daemon.requests.every((request) => request.startsWith('GET '))).toBe(true);
});

test('a server that cannot be reached is exit code 6, in words', async () => {
  await daemon.down();
  expect(await run([])).toMatchObject({ status: 6, out: '', err: expect.stringMatching(/^error: .*\n\S/) });
});

describe('--generate', () => {
  test('makes nothing up in place of what somebody else issues', async () => {
    expect(await run(['--generate', 'login'])).toEqual({
      status: 1,
      out: '',
      err: 'error: login cannot be made up: it is what somebody else issues\n  write that into .env as TF_VAR_login\n',
    });
    expect(existsSync(join(folder, '.env'))).toBe(false);
  });

  test('does not replace what the backups open with, and prints another one to be let in', async () => {
    writeFileSync(join(folder, '.env'), `TF_VAR_repository=${VALUE}\n`, { mode: 0o600 });
    const { status, err } = await run(['--generate', 'repository', '--replace']);
    expect(status).toBe(1);
    expect(err).toMatch(
      /^error: the backups open with the repository .* not replaced\n {2}.*--print.*docs\/secrets.md/,
    );
    expect(readFileSync(join(folder, '.env'), 'utf8')).toBe(`TF_VAR_repository=${VALUE}\n`);
    expect(await run(['--generate', 'repository', '--print'])).toMatchObject({ status: 0 });
  });

  test('writes a value as long as declared into .env, and shows none', async () => {
    const { status, out } = await run(['--generate', 'key']);
    const [, value] = /^TF_VAR_key=([A-Za-z0-9]{50})\n$/.exec(readFileSync(join(folder, '.env'), 'utf8'))!;
    expect([status, out]).toEqual([
      0,
      '.env: TF_VAR_key has a new value of 50 letters and digits; ./proctor deploy takes it from there\n',
    ]);
    expect(out).not.toContain(value);
    expect(daemon.requests).toEqual([]);
  });

  test('writes into the file of its environment', async () => {
    await run(['--generate', 'key', '--environment', 'staging']);
    expect(existsSync(join(folder, '.env.staging'))).toBe(true);
  });

  test('prints the value, alone and into no file, when that is asked for', async () => {
    const { out, err } = await run(['--generate=key', '--print']);
    expect([/^[A-Za-z0-9]{50}\n$/.test(out), err]).toEqual([true, '']);
    expect(existsSync(join(folder, '.env'))).toBe(false);
  });

  test('says when the shell would win over the file', async () => {
    expect((await run(['--generate', 'key'], { TF_VAR_key: VALUE })).err).toBe(
      'TF_VAR_key in this shell wins over .env\n  unset TF_VAR_key\n',
    );
  });

  test('replaces nothing unasked, and knows declared secrets alone', async () => {
    await run(['--generate', 'key']);
    expect(await run(['--generate', 'key'])).toMatchObject({
      status: 1,
      err: expect.stringMatching(/--replace/),
    });
    expect((await run(['--generate', 'key', '--replace'])).status).toBe(0);
    expect(await run(['--generate', 'other'])).toMatchObject({
      status: 1,
      err: expect.stringMatching(/name one of: key/),
    });
  });
});

test.each([
  [['--generate']],
  [['--generate', '--print']],
  [['--print']],
  [['--replace']],
  [['--json', '--generate', 'key']],
  [['--generate', 'key', '--print', '--replace']],
  [['--environment', '../x']],
  [['--json=1']],
  [['key']],
])('%j is wrong usage', (args) => {
  expect(() => read(callOf(secrets, args))).toThrow(UsageError);
});
