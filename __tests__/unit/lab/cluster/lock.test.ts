import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withLabLock } from '../../../../lab/cluster/lock';
import { labPaths } from '../../../../lab/ground/paths';

const onLinux = process.platform === 'linux' ? test : test.skip;
const folder = mkdtempSync(join(tmpdir(), 'lab-'));
const paths = labPaths(join(folder, 'state'));
const file = join(paths.dir, 'lock');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

onLinux('a second one is told which process is at work', async () => {
  await withLabLock(paths, async () => {
    await expect(withLabLock(paths, async () => undefined)).rejects.toThrow(
      `process ${process.pid} is at work`,
    );
  });
});

onLinux('the lock goes when the work is done, and when it fails', async () => {
  await expect(withLabLock(paths, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await withLabLock(paths, async () => 'again')).toBe('again');
});

onLinux('a lock of a process that is gone does not count, even if its pid was given to another', async () => {
  let mine = '';
  await withLabLock(paths, async () => {
    mine = readFileSync(file, 'utf8');
  });
  mkdirSync(paths.dir, { recursive: true });
  for (const stale of ['999999999 1', mine.replace(/ \d+$/, ' 1'), '']) {
    writeFileSync(file, stale);
    expect(await withLabLock(paths, async () => 'mine')).toBe('mine');
  }
});

onLinux('a lock of a process that has ended but is not buried yet does not count', async () => {
  // `sleep` never waits for the child that it takes over from the shell.
  const parent = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 20'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const pid = await new Promise<string>((done) =>
      parent.stdout.once('data', (text) => done(`${text}`.trim())),
    );
    const stat = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ');
    while (stat()[2] !== 'Z') await new Promise((done) => setTimeout(done, 10));
    mkdirSync(paths.dir, { recursive: true });
    writeFileSync(file, `${pid} ${stat()[21]}`);
    expect(await withLabLock(paths, async () => 'mine')).toBe('mine');
  } finally {
    parent.kill();
  }
});
