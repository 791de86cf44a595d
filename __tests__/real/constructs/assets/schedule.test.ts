import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { posixShells } from '../../../support/programs/posix-shells';

/** `command` writes down what it is called with; `slow` waits for a file. */
const COMMAND = `#!/bin/sh
[ "$1" != list ] || { cat "$SAYS" 2>/dev/null; exit 0; }
echo "$1" >> "$CALLS"
case $1 in
  slow) trap 'echo ended >> "$CALLS"; exit 143' TERM; while [ ! -e "$GO" ]; do sleep 0.05; done ;;
  waits) while [ ! -e "$GO" ]; do sleep 0.05; done; echo waited >> "$CALLS" ;;
  fails) exit 1 ;;
  once) [ -e "$GO" ] || { : > "$GO"; exit 1; } ;;
esac
`;
const at = (text: string) => Date.parse(`${text}Z`) / 1000;

describe.each(posixShells().found)('schedule.sh in $name', ({ argv: [shell, ...rest] }) => {
  let folder: string;
  let running: ChildProcess | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'schedule-'));
    writeFileSync(join(folder, 'command'), COMMAND);
    writeFileSync(join(folder, 'calls'), '');
  });
  afterEach(() => {
    // All of it: what runs beside is a process of its own.
    try {
      if (running) process.kill(-running.pid!, 'SIGKILL');
    } catch {
      // It has ended.
    }
    running = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  const env = () => ({
    ...process.env,
    SCHEDULE_CLOCK: join(folder, 'clock'),
    SCHEDULE_PAUSE: '0.05',
    SCHEDULE_AGAIN: '0.05',
    SCHEDULE_BEAT: join(folder, 'beat'),
    CALLS: join(folder, 'calls'),
    SAYS: join(folder, 'says'),
    GO: join(folder, 'go'),
  });
  const isNow = (text: string) => {
    writeFileSync(join(folder, 'clock.new'), String(at(text)));
    renameSync(join(folder, 'clock.new'), join(folder, 'clock'));
  };
  const calls = () => readFileSync(join(folder, 'calls'), 'utf8').split('\n').filter(Boolean);
  const begin = (...entries: string[]) => {
    running = spawn(
      shell,
      [...rest, 'constructs/assets/schedule.sh', ...entries, '--', 'sh', join(folder, 'command')],
      { env: env(), stdio: 'inherit', detached: true },
    );
    return running;
  };
  const until = async (test: () => boolean) => {
    while (!test()) await new Promise((done) => setTimeout(done, 20));
  };
  const began = () => until(() => spawnSync('test', ['-e', join(folder, 'beat')]).status === 0);

  test('runs what is due in each minute that passes, once, and the rest whatever one ends with', async () => {
    isNow('2026-11-27T03:14:30');
    begin('15 3 * * *=fails', '*/5 * * * *=ship');
    await began();
    isNow('2026-11-27T03:15:10');
    await until(() => calls().length === 2);
    isNow('2026-11-27T03:15:50');
    isNow('2026-11-27T03:19:59');
    isNow('2026-11-27T03:20:00');
    await until(() => calls().length === 3);
    expect(calls()).toEqual(['fails', 'ship', 'ship']);
  });

  test('makes up, once, for what was due while another one ran', async () => {
    isNow('2026-11-27T03:14:30');
    begin('15 3 * * *=slow', '*/5 * * * *=ship');
    await began();
    isNow('2026-11-27T03:15:00');
    await until(() => calls().includes('slow'));
    isNow('2026-11-27T03:41:00');
    writeFileSync(join(folder, 'go'), '');
    await until(() => calls().length === 3);
    expect(calls()).toEqual(['slow', 'ship', 'ship']);
  });

  test.each([
    ['0 4 * * 0', '2026-11-29T04:00:00', true],
    ['0 4 * * 7', '2026-11-29T04:00:00', true],
    ['0 4 * * 1-5', '2026-11-29T04:00:00', false],
    ['0 4 1,29 * *', '2026-11-29T04:00:00', true],
    ['0 4 1 * 0', '2026-11-29T04:00:00', true],
    ['0 4 1 * 1', '2026-11-29T04:00:00', false],
    ['0 4 * 10-12/2 *', '2026-11-29T04:00:00', false],
    ['8-10/2 9 8 8 *', '2026-08-08T09:08:00', true],
  ])('%s at %s: %s', async (entry, moment, due) => {
    isNow(new Date((at(moment) - 60) * 1000).toISOString().slice(0, 19));
    begin(`${entry}=one`, '* * * * *=every');
    await began();
    isNow(moment);
    await until(() => calls().includes('every'));
    expect(calls()).toEqual(due ? ['one', 'every'] : ['every']);
  });

  test.each([
    ['{"backup":"list","backups":[]}', ['now', 'every']],
    ['{"backup":"list","fault":"no-repository"}', ['now', 'every']],
    ['{"backup":"list","backups":[{"snapshot":"1"}]}', ['every']],
    ['{"backup":"list","fault":"unreachable"}', ['every']],
  ])('begins at once where there is none: %s', async (says, expected) => {
    writeFileSync(join(folder, 'says'), says);
    isNow('2026-11-27T03:14:30');
    begin('--first=now', '* * * * *=every');
    await began();
    if (expected.length > 1) await until(() => calls().includes('now'));
    isNow('2026-11-27T03:15:00');
    await until(() => calls().includes('every'));
    expect(calls()).toEqual(expected);
  });

  test.each([
    ['was due since', '2026-11-27T03:15:20Z', '2026-11-28T03:20:00', ['now', 'every']],
    ['is of the last time', '2026-11-28T03:15:20Z', '2026-11-28T03:20:00', ['every']],
    ['is late for longer than a day', '2026-11-20T03:15:20Z', '2026-11-28T03:20:00', ['now', 'every']],
    ['is of before the hour, and none was due', '2026-11-27T04:00:00Z', '2026-11-28T03:10:00', ['every']],
  ])(
    'makes up at its start for one that a restart has hit: the newest %s',
    async (_, newest, now, expected) => {
      writeFileSync(
        join(folder, 'says'),
        `{"backup":"list","backups":[{"snapshot":"1","time":"${newest}"},{"snapshot":"0","time":"2026-11-01T00:00:00Z"}]}`,
      );
      isNow(now);
      begin('--first=now', '15 3 * * *=now', '45 4 * * 0=drill', '* * * * *=every');
      await began();
      if (expected.length > 1) await until(() => calls().includes('now'));
      isNow(new Date((at(now) + 60) * 1000).toISOString().slice(0, 19));
      await until(() => calls().includes('every'));
      expect(calls()).toEqual(expected);
    },
  );

  test.each([
    ['once', ['once', 'once', 'every']],
    ['fails', ['fails', 'fails', 'fails', 'every']],
  ])('tries three times at most to make up for one: %s', async (what, expected) => {
    writeFileSync(
      join(folder, 'says'),
      '{"backup":"list","backups":[{"snapshot":"1","time":"2026-11-27T03:15:20Z"}]}',
    );
    isNow('2026-11-28T03:20:00');
    begin(`--first=${what}`, `15 3 * * *=${what}`, '* * * * *=every');
    await until(() => calls().length === expected.length - 1);
    isNow('2026-11-28T03:21:00');
    await until(() => calls().includes('every'));
    expect(calls()).toEqual(expected);
  });

  test('passes SIGTERM on, and ends after what runs', async () => {
    isNow('2026-11-27T03:14:30');
    const ended = new Promise((done) => begin('* * * * *=slow', '* * * * *=ship').once('exit', done));
    await began();
    isNow('2026-11-27T03:15:00');
    await until(() => calls().includes('slow'));
    running!.kill('SIGTERM');
    await ended;
    expect(calls()).toEqual(['slow', 'ended']);
  });

  describe('what is run beside all others', () => {
    const ships = () => calls().filter((call) => call === 'ship').length;

    test('waits for none of them', async () => {
      isNow('2026-11-27T03:14:30');
      begin('--every=1=ship', '15 3 * * *=waits');
      await until(() => ships() > 0);
      isNow('2026-11-27T03:15:00');
      await until(() => calls().includes('waits'));
      const before = ships();
      await until(() => ships() > before + 1);
      expect(calls()).not.toContain('waited');
      writeFileSync(join(folder, 'go'), '');
      await until(() => calls().includes('waited'));
    });

    test('begins when the first backup is there', async () => {
      writeFileSync(join(folder, 'says'), '{"backup":"list","backups":[]}');
      isNow('2026-11-27T03:14:30');
      begin('--first=waits', '--every=1=ship');
      await until(() => calls().includes('waits'));
      writeFileSync(join(folder, 'go'), '');
      await until(() => ships() > 0);
      expect(calls().slice(0, 3)).toEqual(['waits', 'waited', 'ship']);
    });

    test('is passed SIGTERM, and waited for', async () => {
      isNow('2026-11-27T03:14:30');
      const ended = new Promise((done) => begin('--every=600=slow').once('exit', done));
      await until(() => calls().includes('slow'));
      running!.kill('SIGTERM');
      await ended;
      expect(calls()).toEqual(['slow', 'ended']);
    });

    test('ends the whole where it dies, so that somebody starts it again', async () => {
      isNow('2026-11-27T03:14:30');
      const ended = new Promise((done) => begin('--every=600=ship').once('exit', done));
      await until(() => ships() > 0);
      const { pid } = running!;
      for (const child of readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' '))
        process.kill(Number(child), 'SIGKILL');
      expect(await ended).toBe(1);
    });
  });

  test('is healthy where it has begun, and everything is there', async () => {
    const healthy = (...args: string[]) =>
      spawnSync(shell, [...rest, 'constructs/assets/schedule.sh', '--healthy', ...args], {
        env: env(),
        encoding: 'utf8',
      });
    expect(healthy('--', 'sh').stdout).toBe('it has not begun yet\n');
    isNow('2026-11-27T03:14:30');
    begin('* * * * *=one');
    await began();
    expect(healthy(join(folder, 'command'), '--', 'sh', 'cat').status).toBe(0);
    expect(healthy(join(folder, 'nothing'), '--', 'sh').stdout).toMatch(/nothing is not there/);
    expect(healthy('--', 'sh', 'no-such-program').stdout).toBe('this image has no no-such-program\n');
  });
});
