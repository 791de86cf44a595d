import { readdirSync, readFileSync } from 'node:fs';
import { LAUNCH, Launcher, type Started } from '../../../support/programs/launcher';
import { posixShells } from '../../../support/programs/posix-shells';

/** Serves until SIGTERM, and says so; status 7 proves that its own handler ran. */
const SERVER = ['sh', '-c', 'trap "echo stopped; exit 7" TERM; echo ready; while :; do sleep 0.05; done'];

/** Says which signal it got; status 7 proves that its own handler ran. */
const program = (signal: string) => [
  ...[process.execPath, '-e'],
  `process.on('SIG${signal}', () => { console.log('got ${signal}'); process.exit(7); });
   setInterval(() => {}, 1000); console.log('ready');`,
];

const processes = (cmdline: string) =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8') === cmdline;
    } catch {
      return false;
    }
  });

/** What is left of a process that was told to stop: it has a moment for that. */
async function left(cmdline: string): Promise<string[]> {
  for (let tries = 0; processes(cmdline).length > 0 && tries < 50; tries++) {
    await new Promise((done) => setTimeout(done, 10));
  }
  return processes(cmdline);
}

describe.each(posixShells().found)('launch.sh in $name', (shell) => {
  let launcher: Launcher;
  let running: Started;
  const serve = async (...options: string[]) => {
    running = launcher.start([...options, '--', ...SERVER]);
    await running.until('ready');
  };
  beforeEach(() => {
    launcher = new Launcher(shell);
  });
  afterEach(() => launcher.remove());

  test.each(['SIGTERM', 'SIGQUIT', 'SIGINT'] as const)('passes %s on as SIGTERM', async (signal) => {
    await serve();
    running.signal(signal);
    expect(await running.end()).toMatchObject({ status: 7 });
    expect(running.output).toContain('stopped');
  });

  test.each(['TERM', 'QUIT', 'INT', 'HUP', 'USR1', 'USR2', 'WINCH'])(
    'sends the command SIG%s where it stops on that, after the drain',
    async (signal) => {
      running = launcher.start(['--drain=1', `--signal=${signal}`, '--', ...program(signal)]);
      await running.until('ready');
      running.signal('SIGTERM');
      const { status, after } = await running.end();
      expect([status, running.output]).toEqual([7, `ready\ngot ${signal}\n`]);
      expect(after).toBeGreaterThan(900);
    },
  );

  test.each(['QUIT', 'INT'])('sends SIGTERM to a command that has no handler for SIG%s', async (signal) => {
    // A shell that was started with a signal ignored cannot trap it.
    running = launcher.start([`--signal=${signal}`, '--', ...SERVER]);
    await running.until('ready');
    running.signal('SIGTERM');
    expect((await running.end()).status).toBe(7);
    expect(running.output).toContain(
      `launch: the command does nothing on SIG${signal}: it gets SIGTERM\nstopped`,
    );
  });

  test.each(['SIGTERM', 'SIGQUIT'] as const)('keeps serving for the drain after %s', async (signal) => {
    await serve('--drain=1');
    running.signal(signal);
    const { status, after } = await running.end();
    expect(status).toBe(7);
    expect(after).toBeGreaterThan(900);
    expect(after).toBeLessThan(20_000);
  });

  test('passes a second signal on at once, and leaves no sleep behind', async () => {
    await serve('--drain=4711');
    running.signal('SIGTERM');
    for (let tries = 0; processes('sleep\x004711\0').length === 0 && tries < 200; tries++) {
      await new Promise((done) => setTimeout(done, 10));
    }
    expect(processes('sleep\x004711\0')).toHaveLength(1);
    running.signal('SIGTERM');
    const { status, after } = await running.end();
    expect(status).toBe(7);
    expect(after).toBeLessThan(20_000);
    expect(await left('sleep\x004711\0')).toEqual([]);
  });

  test('ends at once when the command ends by itself during the drain, with its status', async () => {
    running = launcher.start(['--drain=4712', '--', 'sh', '-c', 'echo ready; sleep 0.5; exit 5']);
    await running.until('ready');
    running.signal('SIGTERM');
    const { status, after } = await running.end();
    expect(status).toBe(5);
    expect(after).toBeLessThan(20_000);
    expect(await left('sleep\x004712\0')).toEqual([]);
  });

  test('waits for a command that takes its time to stop', async () => {
    const slow = 'trap "sleep 0.5; echo flushed; exit 0" TERM; echo ready; while :; do sleep 0.05; done';
    running = launcher.start(['--', 'sh', '-c', slow]);
    await running.until('ready');
    running.signal('SIGTERM');
    expect((await running.end()).status).toBe(0);
    expect(running.output).toContain('flushed');
  });

  test('gives 143 for a command that SIGTERM ended', async () => {
    running = launcher.start(['--', 'sh', '-c', 'echo ready; exec sleep 4713']);
    await running.until('ready');
    running.signal('SIGTERM');
    expect((await running.end()).status).toBe(143);
  });

  test.each([['--drain=3'], ['A=0']])(
    'loses no signal, however early it comes after the trap is set: %s',
    async (option) => {
      const statuses = Array.from({ length: 40 }, async (_, index) => {
        const early = launcher.start([option, 'A=1', '--', 'sleep', '4714']);
        await new Promise((done) => setTimeout(done, index));
        early.signal('SIGTERM');
        return (await early.end()).status;
      });
      // -1: the shell had not yet read the first line, and died of the signal itself.
      for (const status of await Promise.all(statuses)) expect([-1, 143]).toContain(status);
      expect(await left('sleep\x004714\0')).toEqual([]);
    },
  );

  test('loses no signal while the shell still reads the script', async () => {
    const lines = readFileSync(LAUNCH, 'utf8').split('\n');
    const first = lines.findIndex((line) => line.startsWith('trap ')) + 1;
    // From there on the shell tells of the command that it ends.
    const started = lines.indexOf('"$@" &');
    const cuts = lines
      .map((_, at) => at)
      .filter((at) => at >= first && at <= started && (at - first) % 12 === 0);
    const ends = cuts.map(async (at) => {
      const half = launcher.startReading(['A=1', '--', 'sleep', '4715']);
      half.write(`${lines.slice(0, at).join('\n')}\n`);
      await new Promise((done) => setTimeout(done, 200));
      half.signal('SIGTERM');
      await new Promise((done) => setTimeout(done, 50));
      half.write(lines.slice(at).join('\n'), 'end');
      return [at, (await half.end()).status, half.output];
    });
    expect(await Promise.all(ends)).toEqual(cuts.map((at) => [at, 143, '']));
    expect(await left('sleep\x004715\0')).toEqual([]);
  });
});
