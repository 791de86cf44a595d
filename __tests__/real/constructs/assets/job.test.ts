import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { posixShells } from '../../../support/programs/posix-shells';
import { BEGIN, JobPlace, type Note } from './job-runner';

const EACH_MINUTE = ['MINUTES=*'];
const EACH_TEN = ['MINUTES=0,10,20,30,40,50'];
/** It lasts until the test says so. */
const WAITS = [
  '/bin/sh',
  '-c',
  ': >"$PLACE/began"; while [ ! -e "$PLACE/go" ]; do /bin/sleep 0.05; done; echo went',
];

describe.each(posixShells().found)('in $name', ({ argv }) => {
  let place: JobPlace;
  beforeEach(() => {
    place = new JobPlace(argv);
  });
  afterEach(() => place.remove());

  const began = () => existsSync(join(place.folder, 'began'));
  const letGo = () => writeFileSync(join(place.folder, 'go'), '');
  const kept = (): Note[] =>
    readFileSync(join(place.state, 'runs'), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));

  test('it runs at its times, and says of each run when, how it ended, and its last lines', async () => {
    const text = 'say "so" \\ \ttab; ünicode';
    const job = place.start(EACH_TEN, ['/bin/sh', '-c', 'echo "$1"; echo err >&2; exit 3', 'sh', text]);
    await job.until(() => job.notes.length === 2);
    expect(await job.stop()).toBe(143);
    expect(job.notes[0]).toEqual({
      job: 'n',
      end: 'failed',
      due: '2026-03-25T01:00:00Z',
      at: expect.stringMatching(/^2026-03-25T01:00:/),
      seconds: expect.any(Number),
      status: 3,
      tries: 1,
      by: 'schedule',
      lines: [text, 'err'],
    });
    expect(job.notes[1]?.due).toBe('2026-03-25T01:10:00Z');
    expect(job.output).toContain('{"job":"n","next":"2026-03-25T01:00:00Z"}');
    // All that it says is in its log, too.
    expect(job.output).toContain(`\n${text}\n`);
    expect(kept()).toEqual(job.notes);
  });

  test('one that fails is tried again, and counts once', async () => {
    const command = ['/bin/sh', '-c', 'echo x >>"$PLACE/tries"; [ "$(wc -l <"$PLACE/tries")" -ge 3 ]'];
    const job = place.start([...EACH_TEN, 'RETRIES=2'], command);
    await job.until(() => job.notes.length === 1);
    expect(job.notes).toMatchObject([{ end: 'completed', tries: 3, status: 0 }]);
    expect(job.output).toMatch(/try 1 of n: failed with status 1, again in 30 s/);
    expect(job.output).toMatch(/try 2 of n: failed with status 1, again in 60 s/);
  });

  test.each([
    ['', '/bin/sleep 1000 & echo $! >"$PLACE/child"; wait; echo no'],
    // Whose parent obeys, and has gone long before it.
    [
      ', that which does not obey, too',
      `/bin/sh -c 'trap "" TERM; echo $$ >"$PLACE/child"; while :; do /bin/sleep 1; done' & wait; echo no`,
    ],
  ])('one that takes too long is stopped, with all that it has started%s', async (_, script) => {
    const command = ['/bin/sh', '-c', script];
    const job = place.start([...EACH_TEN, 'TIMEOUT=5'], command);
    await job.until(() => job.notes.length === 1);
    expect(job.notes).toMatchObject([{ end: 'timedOut', tries: 1 }]);
    const child = readFileSync(join(place.folder, 'child'), 'utf8').trim();
    await job.until(() => !existsSync(`/proc/${child}`) || /^State:\sZ/m.test(statusOf(child)));
  });

  test('a time that comes while it runs is left out', async () => {
    const job = place.start(EACH_MINUTE, WAITS);
    await job.until(began);
    await place.set(place.now + 200);
    letGo();
    await job.until(() => job.notes.length >= 3);
    const [first, second, third] = job.notes;
    expect([first?.end, second?.end, third?.end]).toEqual(['completed', 'skipped', 'completed']);
    expect(Date.parse(third!.due)).toBeGreaterThan(Date.parse(second!.at));
  });

  test('or made up for once, at the end', async () => {
    const job = place.start([...EACH_TEN, 'OVERLAP=queue'], WAITS);
    await job.until(began);
    await place.set(place.now + 1300);
    letGo();
    await job.until(() => job.notes.length >= 3);
    const [first, second, third] = job.notes;
    expect([first?.end, second?.end, third?.end]).toEqual(['completed', 'completed', 'completed']);
    expect(second!.due).toBe('2026-03-25T01:10:00Z');
    expect(Date.parse(second!.at)).toBeGreaterThan(Date.parse('2026-03-25T01:20:00Z'));
    expect(third!.due).toBe('2026-03-25T01:30:00Z');
  });

  test('a clock that jumps ahead misses nothing, and makes up for all by one run', async () => {
    const job = place.start(['MINUTES=0', 'HOURS=3'], ['/bin/true']);
    await job.until(() => job.output.includes('"next":"2026-03-25T03:00:00Z"'));
    await place.set(BEGIN + 5 * 86_400);
    await job.until(() => job.output.includes('"next":"2026-03-30T03:00:00Z"'));
    expect(job.notes).toMatchObject([{ end: 'completed', due: '2026-03-25T03:00:00Z' }]);
  });

  test('a clock that is set back repeats nothing', async () => {
    const job = place.start(EACH_TEN, ['/bin/true']);
    await job.until(() => job.notes.length === 1);
    await place.set(BEGIN);
    await job.until(() => job.notes.length === 2);
    expect(job.notes.map(({ due }) => due)).toEqual(['2026-03-25T01:00:00Z', '2026-03-25T01:10:00Z']);
  });

  test('a clock that was years ahead for a while does not keep it from running', async () => {
    const job = place.start(EACH_TEN, ['/bin/true']);
    await job.until(() => job.output.includes('"next"'));
    await place.set(Date.UTC(2040, 0) / 1000);
    await job.until(() => job.notes.length >= 1);
    await place.set(BEGIN);
    const seen = job.notes.length;
    await job.until(
      () => job.notes.some(({ due }) => due === '2026-03-25T01:00:00Z') && job.notes.length > seen,
    );
  });

  test('stopped in the middle, it is done again at once when it is back', async () => {
    const first = place.start(EACH_TEN, WAITS);
    await first.until(began);
    expect(await first.stop()).toBe(143);
    expect(first.notes).toMatchObject([{ end: 'interrupted', due: '2026-03-25T01:00:00Z' }]);
    letGo();
    const second = place.start(EACH_TEN, WAITS);
    await second.until(() => second.notes.length === 2);
    // The one that it remembers, and the one that it does again.
    expect(second.notes).toMatchObject([
      { end: 'interrupted' },
      { end: 'completed', due: '2026-03-25T01:00:00Z', tries: 1, lines: ['went'] },
    ]);
    expect(second.output).toContain('n was stopped in the middle: again, now');
  });

  test.each([
    [0, ['lost']],
    [1, ['lost', 'completed']],
  ])('killed in the middle it is lost, and has %d more tries', async (retries, ends) => {
    const settings = ['MINUTES=0', `RETRIES=${retries}`];
    const first = place.start(settings, WAITS);
    await first.until(began);
    await first.kill();
    letGo();
    const second = place.start(settings, WAITS);
    await second.until(() => second.output.includes('"next":"2026-03-25T02:00:00Z"'));
    expect(second.notes.map(({ end }) => end)).toEqual(ends);
    expect(second.notes[0]).toMatchObject({ status: null, due: '2026-03-25T01:00:00Z' });
  });

  test('what it missed while it was not there is made up for by one run', async () => {
    const first = place.start(EACH_TEN, ['/bin/true']);
    await first.until(() => first.notes.length === 1);
    await first.stop();
    await place.set(place.now + 86_400);
    const second = place.start(EACH_TEN, ['/bin/true']);
    await second.until(() => second.notes.length === 3);
    expect(second.notes.map(({ due }) => due)).toEqual([
      '2026-03-25T01:00:00Z',
      '2026-03-25T01:10:00Z',
      '2026-03-26T01:10:00Z',
    ]);
  });

  test('another schedule begins with its next time', async () => {
    const first = place.start(EACH_TEN, ['/bin/true']);
    await first.until(() => first.notes.length === 1);
    await first.stop();
    await place.set(place.now + 86_400);
    const second = place.start(['MINUTES=30'], ['/bin/true']);
    await second.until(() => second.output.includes('"next":"2026-03-26T01:30:00Z"'));
    expect(second.notes).toHaveLength(1);
  });

  describe('by hand', () => {
    test('it runs now, with its status, and whoever waits for the times tells of it', async () => {
      const waiting = place.start(['MINUTES=0', 'HOURS=5'], ['/bin/true']);
      await waiting.until(() => waiting.output.includes('"next"'));
      const once = place.start(['ONCE=yes'], ['/bin/sh', '-c', 'echo hello; exit 7']);
      expect(await once.ended).toBe(7);
      expect(once.notes).toMatchObject([{ by: 'hand', end: 'failed', status: 7, lines: ['hello'] }]);
      await waiting.until(() => waiting.notes.length === 1);
      expect(waiting.notes).toEqual(once.notes);
    });

    test('one that ends while another runs is told of, too', async () => {
      const waiting = place.start(EACH_TEN, WAITS);
      await waiting.until(began);
      const byHand = { job: 'n', end: 'completed', by: 'hand' };
      appendFileSync(join(place.state, 'runs'), `${JSON.stringify(byHand)}\n`);
      letGo();
      await waiting.until(() => waiting.notes.length >= 2);
      expect(waiting.notes.slice(0, 2)).toMatchObject([byHand, { end: 'completed', by: 'schedule' }]);
    });

    test('not beside itself', async () => {
      const first = place.start(['ONCE=yes'], WAITS);
      await first.until(began);
      const second = place.start(['ONCE=yes'], ['/bin/true']);
      expect(await second.ended).toBe(75);
      expect(second.output).toMatch(/n is running since .* \(hand\)/);
      const queued = place.start(['ONCE=yes', 'OVERLAP=queue'], ['/bin/true']);
      letGo();
      expect(await first.ended).toBe(0);
      expect(await queued.ended).toBe(0);
    });

    test('its time-out is 124', async () => {
      const once = place.start(['ONCE=yes', 'TIMEOUT=3'], WAITS);
      expect(await once.ended).toBe(124);
    });

    test('a time that comes meanwhile is left out', async () => {
      const waiting = place.start(EACH_TEN, ['/bin/true']);
      await waiting.until(() => waiting.output.includes('"next"'));
      const once = place.start(['ONCE=yes'], WAITS);
      await once.until(began);
      await waiting.until(() => waiting.notes.length >= 1);
      letGo();
      expect(await once.ended).toBe(0);
      expect(waiting.notes[0]).toMatchObject({ end: 'skipped', by: 'schedule' });
    });
  });

  test('it is healthy while it lives, whatever its command does', async () => {
    const healthy = () => {
      const [program, ...args] = argv;
      const script = join(__dirname, '../../../../constructs/assets/job.sh');
      const where = [`STATE=${place.state}`, `UPTIME=${join(place.folder, 'up')}`];
      return spawnSync(program, [...args, script, '--healthy', ...where]).status;
    };
    const job = place.start(EACH_TEN, ['/bin/false']);
    await job.until(() => job.notes.length === 1);
    expect(healthy()).toBe(0);
    await job.kill();
    writeFileSync(join(place.folder, 'up'), '100000\n');
    expect(healthy()).toBe(1);
  });

  test('where its volume cannot be written, it runs all the same', async () => {
    writeFileSync(place.state, 'a file');
    const job = place.start(EACH_TEN, ['/bin/true']);
    await job.until(() => job.notes.length === 1);
    expect(job.output).toMatch(/cannot be written by \d+: what runs is remembered until this task ends/);
    rmSync('/tmp/job-n', { recursive: true, force: true });
  });

  test.each([
    [['MINUTES=1,a'], /must be \* or numbers/],
    [['TIMEOUT=0'], /must be a whole number, 1 or more/],
    [['WHAT=1'], /'WHAT=1' is no setting/],
  ])('%j is refused', async (settings, why) => {
    const job = place.start(settings, ['/bin/true']);
    expect(await job.ended).toBe(64);
    expect(job.output).toMatch(why);
  });
});

function statusOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}
