import { readdirSync, readFileSync } from 'node:fs';
import { cgroupOf } from '../../lab/engine/cgroups';
import { docker } from '../../lab/engine/docker';
import { eventually, run, sleep } from '../../lab/ground/shell';
import { containersOf } from '../../proof/platform/swarm';
import { tell } from './support/http';
import { describeLab, runningLab, testTerraform } from './support/lab';

/** A start may take two minutes, and three checks in a row may then fail, each 5 s after the one before and 5 s long. */
const LONGER_THAN_A_START = 170;

const engine = (...args: string[]) => docker(runningLab().paths, args);
const containers = () => containersOf(runningLab().paths, 'mariadb');
const sql = async (text: string) =>
  (await engine('exec', (await containers())[0]!, 'mariadb', '-uroot', '-N', '-e', text)).trim();
const health = (id: string) =>
  engine('inspect', '--format', '{{.State.Health.Status}} {{.State.Health.FailingStreak}}', id).then((text) =>
    text.trim(),
  );

/** What it writes to standard error is among it. */
const logsOf = (container: string) =>
  run('sh', ['-c', 'docker --host "unix://$0" logs "$1" 2>&1', runningLab().paths.socket, container]);

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // The process is gone.
    return '';
  }
}

interface Held {
  readonly pid: number;
  readonly container: string;
}

/** The server itself, not what the entrypoint starts before it: the first process of another container of this lab. */
function serverBut(old: string): Held | undefined {
  const own = new RegExp(`/${cgroupOf(runningLab().paths)}/([0-9a-f]{64})$`, 'm');
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (read(`/proc/${pid}/comm`) !== 'mariadbd\n') continue;
    const [, container] = own.exec(read(`/proc/${pid}/cgroup`)) ?? [];
    const isFirst = /^NSpid:.*\t1$/m.test(read(`/proc/${pid}/status`));
    if (container !== undefined && container !== old && isFirst) return { pid: Number(pid), container };
  }
  return undefined;
}

/** Lets the next server go on in small steps until it says that it recovers, and holds it there. */
async function holdInRecovery(old: string): Promise<Held> {
  let held: Held | undefined;
  // It comes after 5 s, and may be done with a small log in some tenths of a second.
  for (let look = 0; look < 12_000 && !held; look++) {
    held = serverBut(old);
    await sleep(0.01);
  }
  if (!held) throw new Error('no MariaDB was started again');
  const { pid, container } = held;
  process.kill(pid, 'SIGSTOP');
  for (let step = 0; step < 1000; step++) {
    if (/Starting crash recovery/.test(await logsOf(container))) return held;
    process.kill(pid, 'SIGCONT');
    await sleep(0.01);
    process.kill(pid, 'SIGSTOP');
  }
  process.kill(pid, 'SIGCONT');
  throw new Error(`it did not recover:\n${await logsOf(container)}`);
}

describeLab('a MariaDB that recovers for longer than a start may take', () => {
  afterAll(() => sql('DROP DATABASE IF EXISTS recovery'));

  // Three minutes, which a run without providers has not.
  testTerraform('is not killed on its way, and then serves all that it had', async () => {
    await sql(
      'CREATE DATABASE recovery; CREATE TABLE recovery.t (a TEXT); INSERT INTO recovery.t SELECT REPEAT(MD5(seq), 20) FROM recovery.seq_1_to_50000',
    );
    const [old = ''] = await containers();
    await engine('kill', '--signal', 'KILL', old);
    const { pid, container } = await holdInRecovery(old);
    try {
      await sleep(LONGER_THAN_A_START);
      expect(await containers()).toEqual([container]);
      expect(await health(container)).toBe('starting 0');
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    expect(await eventually(120, async () => (await health(container)).startsWith('healthy'))).toBe(true);
    expect(await containers()).toEqual([container]);
    expect(await sql('SELECT COUNT(*), COUNT(DISTINCT a) FROM recovery.t')).toBe('50000\t50000');
    expect(
      await eventually(
        60,
        async () => (await tell('/corrections').catch(() => undefined))?.database === 'ok',
      ),
    ).toBe(true);
  });
});
