import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LAUNCH, Launcher, PRINT_ENV } from '../../../support/programs/launcher';
import { posixShells } from '../../../support/programs/posix-shells';

const PRINTABLE = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('');
const { found, missing } = posixShells();
if (missing.length > 0) console.warn(`launch.sh is NOT tested in ${missing.join(', ')}: not installed here`);

/** encodeURIComponent keeps !'()* as well, which RFC 3986 reserves. */
const urlEncoded = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

test('at least one POSIX shell is here to run the launcher in', () => expect(found).not.toEqual([]));

describe.each(found)('launch.sh in $name', (shell) => {
  const launchers: Launcher[] = [];
  const launcher = (secrets?: Record<string, string | Buffer>) => {
    launchers.push(new Launcher(shell, secrets));
    return launchers.at(-1)!;
  };
  afterEach(() => {
    for (const each of launchers.splice(0)) each.remove();
  });

  test('a command may open as many files as the container allows, not as few as Docker starts with', () => {
    const show = ['sh', '-c', 'echo "LIMITS=$(ulimit -S -n) $(ulimit -H -n)"'];
    const started = [...shell.argv, LAUNCH, '--', ...show];
    const { stdout } = spawnSync('sh', ['-c', 'ulimit -S -n 256 && exec "$@"', 'sh', ...started], {
      encoding: 'utf8',
    });
    const [soft, hard] = /LIMITS=(\S+) (\S+)/.exec(stdout)!.slice(1);
    expect(hard).not.toBe('256');
    expect(soft).toBe(hard);
  });

  describe('settings', () => {
    test.each([
      ['empty', ''],
      ['with spaces', '  two  words '],
      ['with every printable ASCII character', PRINTABLE],
      ['that a shell would expand', '$(id) `id` $HOME ${x} \\n %s * ~ #'],
      ['with equals signs', 'a=b=c'],
      ['like an option', '--drain=9'],
      ['beyond ASCII', 'é✓\u{1f600}'],
    ])('pass a value unchanged: %s', (_, value) => {
      expect(launcher().run([`KEY=${value}`, '--', ...PRINT_ENV]).env.KEY).toBe(value);
    });

    test('win over what the environment has, as over the ENV of an image, without a word', () => {
      const env = { A: 'image', B: 'image', C: 'image' };
      const run = launcher().run(['A=arg', 'B=', '--', ...PRINT_ENV], env);
      expect(run.env).toMatchObject({ A: 'arg', B: '', C: 'image' });
      expect(run.stderr).toBe('');
    });

    test('yield to the variables that LAUNCH_KEEP names, even to an empty one, and it is said which', () => {
      const env = { A: 'hand', B: '', C: 'hand', LAUNCH_KEEP: 'A,B,D' };
      const run = launcher().run(['A=arg', 'B=arg', 'C=arg', 'D=arg', '--', ...PRINT_ENV], env);
      expect(run.env).toMatchObject({ A: 'hand', B: '', C: 'arg', D: 'arg' });
      expect(run.stderr).toBe(
        ['A', 'B']
          .map((name) => `launch: LAUNCH_KEEP: ${name} stays as the container's environment has it\n`)
          .join(''),
      );
    });

    test('change nothing of what LAUNCH_KEEP said before them', () => {
      const run = launcher().run(['LAUNCH_KEEP=A', 'A=arg', '--', ...PRINT_ENV], { A: 'image' });
      expect(run.env).toMatchObject({ A: 'arg', LAUNCH_KEEP: 'A' });
    });

    test('of two with one name the first wins', () => {
      expect(launcher().run(['A=1', 'A=2', '--', ...PRINT_ENV]).env.A).toBe('1');
    });

    test('do not leave variables of the launcher in the environment', () => {
      const run = launcher({ db_password: 'x' }).run([
        'status=1',
        'A=1',
        '--url',
        'U={db_password}',
        '--',
        ...PRINT_ENV,
      ]);
      expect(run.env).toMatchObject({ status: '1', A: '1', U: 'x' });
      expect(Object.keys(run.env).filter((name) => name.startsWith('launch_'))).toEqual([]);
    });

    test.each([
      [['A=1', 'uvicorn'], 'argument 2 is not KEY=value'],
      [['A=1', '9LIVES=2', '--', 'true'], "argument 2: '9LIVES' cannot be the name"],
      [['A-B=1', '--', 'true'], "'A-B' cannot be the name"],
      [['IFS=,', '--', 'true'], 'argument 1: the shell keeps IFS'],
      [['SHELLOPTS=x', '--', 'true'], 'argument 1: the shell keeps SHELLOPTS'],
      [['A=one\ntwo', '--', 'true'], 'argument 1 has a newline'],
      [['--drain=soon', '--', 'true'], '--drain takes whole seconds'],
      [['--signal=SIGQUIT', '--', 'true'], '--signal takes TERM, QUIT'],
      [['--timeout=1', '--', 'true'], 'argument 1 is not KEY=value'],
      [['A=1', '--url'], '--url needs'],
      [['A=1', '--'], 'no command given'],
      [['A=1'], 'no command given'],
      [[], 'no command given'],
    ])('refuse %j with status 64', (args, message) => {
      const run = launcher().run(args);
      expect(run.status).toBe(64);
      expect(run.stderr).toContain(message);
    });
  });

  describe('secrets', () => {
    test('encode every printable ASCII character of a password, space as %20', () => {
      const run = launcher({ db_password: PRINTABLE }).run([
        '--url',
        'DATABASE_URL=mysql+pymysql://proctorwise:{db_password}@mariadb:3306/proctorwise_users',
        '--',
        ...PRINT_ENV,
      ]);
      expect(run.env.DATABASE_URL).toBe(
        `mysql+pymysql://proctorwise:${urlEncoded(PRINTABLE)}@mariadb:3306/proctorwise_users`,
      );
    });

    test('encode UTF-8 byte by byte, also in a UTF-8 locale', () => {
      const run = launcher({ p: 'pässwörd✓' }).run(['--url', 'U={p}', '--', ...PRINT_ENV], {
        LC_ALL: 'C.UTF-8',
      });
      expect(run.env.U).toBe(urlEncoded('pässwörd✓'));
    });

    test('fill several places, and leave the rest of the template as it is', () => {
      const run = launcher({ user: 'a b', p: '&' }).run([
        '--url',
        'U={user}:{p}@{user}?x=$HOME\\}',
        '--',
        ...PRINT_ENV,
      ]);
      expect(run.env.U).toBe('a%20b:%26@a%20b?x=$HOME\\}');
    });

    test('lose one newline or CRLF at their end, and nothing else', () => {
      const files = { LF: 'a\n', CRLF: 'b\r\n', TWO: 'c\n\n', CR: 'd\r', NONE: ' e ', EMPTY: '' };
      expect(launcher(files).run(['--', ...PRINT_ENV]).env).toMatchObject({
        LF: 'a',
        CRLF: 'b',
        TWO: 'c\n',
        CR: 'd\r',
        NONE: ' e ',
        EMPTY: '',
      });
    });

    test('are exported under an upper-case file name only', () => {
      const files = {
        JWT_SECRET_KEY: PRINTABLE,
        db_password: 'x',
        'fullchain.pem': 'x',
        '1ST': 'x',
        Mixed: 'x',
      };
      const { env } = launcher(files).run(['--', ...PRINT_ENV]);
      expect(env.JWT_SECRET_KEY).toBe(PRINTABLE);
      for (const name of ['db_password', 'fullchain.pem', '1ST', 'Mixed'])
        expect(env).not.toHaveProperty([name]);
    });

    test('yield to the settings, and win over what the environment has', () => {
      const files = { A: 'file', B: 'file', p: 'file' };
      const run = launcher(files).run(['B=arg', '--url', 'U={p}', '--', ...PRINT_ENV], {
        A: 'image',
        U: 'image',
      });
      expect(run.env).toMatchObject({ A: 'file', B: 'arg', U: 'file' });
    });

    test('yield to the variables that LAUNCH_KEEP names', () => {
      const run = launcher({ A: 'file', p: 'file' }).run(['--url', 'U={p}', '--', ...PRINT_ENV], {
        A: 'hand',
        U: 'hand',
        LAUNCH_KEEP: 'U,A',
      });
      expect(run.env).toMatchObject({ A: 'hand', U: 'hand' });
      expect(run.stderr).not.toContain('hand');
    });

    test('cannot have a name that the shell keeps for itself', () => {
      const run = launcher({ IFS: 'x' }).run(['--', 'true']);
      expect(run.status).toBe(64);
      expect(run.stderr).toContain('the secret file IFS: the shell keeps IFS for itself');
    });

    test('that are missing stop the launcher with status 78 and the names, without a value', () => {
      const run = launcher({ other: 'hunter2' }).run([
        '--url',
        'U={other}{db_password}',
        '--',
        'echo',
        'started',
      ]);
      expect(run).toMatchObject({ status: 78, stdout: '' });
      expect(run.stderr).toMatch(/U needs the secret file .*\/db_password, which is not there/);
      expect(run.stderr).not.toContain('hunter2');
    });

    test('that are missing do not matter to a variable that is kept', () => {
      const env = { U: 'hand', LAUNCH_KEEP: 'U' };
      expect(launcher().run(['--url', 'U={db_password}', '--', 'true'], env).status).toBe(0);
    });

    test('cannot be read from outside their folder', () => {
      const run = launcher().run(['--url', 'U={../cmdline}', '--', 'true']);
      expect(run.status).toBe(64);
      expect(run.stderr).toContain('not the name of a secret file');
    });

    test('no folder of secrets is no error', () => {
      expect(launcher().run(['--', 'true'], { LAUNCH_SECRETS: '/nonexistent' }).status).toBe(0);
    });

    test('never appear in the arguments of a program that the launcher runs', () => {
      const tools = launcher({ p: 'hunter2', KEY: 'hunter3' });
      const bin = join(tools.folder, 'bin');
      const log = join(tools.folder, 'log');
      mkdirSync(bin);
      for (const tool of ['cat', 'od', 'tr', 'printf', 'env', 'sed']) {
        const real = spawnSync('sh', ['-c', `command -v ${tool}`])
          .stdout.toString()
          .trim();
        const target = real.startsWith('/') ? real : `/usr/bin/${tool}`;
        writeFileSync(join(bin, tool), `#!/bin/sh\necho "${tool} $*" >>'${log}'\nexec ${target} "$@"\n`);
        chmodSync(join(bin, tool), 0o755);
      }
      writeFileSync(log, 'log\n');
      const run = tools.run(['--url', 'U={p}', '--', ...PRINT_ENV], { PATH: `${bin}:${process.env.PATH}` });
      expect(run.env).toMatchObject({ U: 'hunter2', KEY: 'hunter3' });
      expect(readFileSync(log, 'utf8')).not.toMatch(/hunter/);
      if (shell.name === 'dash') expect(readFileSync(log, 'utf8')).toMatch(/^od /m);
    });
  });

  describe('the command', () => {
    test('keeps its arguments and gives its status', () => {
      const run = launcher().run([
        'A=1',
        '--',
        'sh',
        '-c',
        'printf "<%s>" "$@"; exit 37',
        'x',
        'a b',
        '',
        '*',
        '--',
        'K=v',
      ]);
      expect(run).toMatchObject({ status: 37, stdout: '<a b><><*><--><K=v>' });
    });

    test('that a signal ended gives 128 and the signal', () => {
      expect(launcher().run(['--', 'sh', '-c', 'kill -KILL $$']).status).toBe(137);
    });

    test('that does not exist gives 127', () => {
      expect(launcher().run(['--', 'no-such-command']).status).toBe(127);
    });
  });

  describe('docker exec', () => {
    const SETTINGS = ['--drain=6', `A=${PRINTABLE}`, 'B=', '--url', 'U=x{p}y', '--', 'uvicorn', 'NOT=mine'];

    test('gives a command the environment of the task, with the status and the input of its own', () => {
      const tools = launcher({ p: 'a b', JWT: 'j' });
      const env = { LAUNCH_CMDLINE: tools.cmdline(SETTINGS) };
      expect(tools.run(PRINT_ENV, env).env).toMatchObject({ A: PRINTABLE, B: '', U: 'xa%20by', JWT: 'j' });
      expect(tools.run(PRINT_ENV, env).env).not.toHaveProperty('NOT');
      expect(tools.run(['sh', '-c', 'cat; exit 5'], env, 'typed')).toMatchObject({
        status: 5,
        stdout: 'typed',
      });
    });

    test('lets what the task keeps win, and nothing else', () => {
      const tools = launcher({ p: 'x' });
      const env = { LAUNCH_CMDLINE: tools.cmdline(SETTINGS), A: 'image', B: 'hand', LAUNCH_KEEP: 'B' };
      expect(tools.run(PRINT_ENV, env).env).toMatchObject({ A: PRINTABLE, B: 'hand' });
    });

    test('replaces the launcher by the command, so that signals reach it', () => {
      const tools = launcher({ p: 'x' });
      const run = tools.run(['sh', '-c', 'kill -TERM $$'], { LAUNCH_CMDLINE: tools.cmdline(SETTINGS) });
      expect(run.status).toBeNull();
    });

    test('says so when PID 1 is not the launcher', () => {
      const tools = launcher();
      for (const cmdline of [tools.cmdline(['A=1', '--', 'x'], '/other'), tools.cmdline(['A=1'])]) {
        const run = tools.run(['true'], { LAUNCH_CMDLINE: cmdline });
        expect(run.status).toBe(78);
        expect(run.stderr).toContain(`PID 1 is not '/bin/sh ${LAUNCH}`);
      }
      expect(tools.run(['true'], { LAUNCH_CMDLINE: '/nonexistent' }).status).toBe(78);
    });
  });
});
