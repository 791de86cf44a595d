import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { cgroupOf, cgroupsOf, hierarchies, removeCgroups } from '../../../../lab/engine/cgroups';
import { cableOf, namespaceOf, removeNetwork } from '../../../../lab/engine/network';
import { labPaths } from '../../../../lab/ground/paths';
import { markOf } from '../../../../lab/ground/processes';
import { eventually, run } from '../../../../lab/ground/shell';
import { traces } from '../../../support/traces/lab';

/** As root on a machine whose control groups can be written, as the lab wants it. */
const MOUNTS = userInfo().uid === 0 && process.platform === 'linux' ? hierarchies().filter(isWritable) : [];
const asRoot = MOUNTS.length > 0 ? describe : describe.skip;

function isWritable(mount: string): boolean {
  const folder = join(mount, `proctorwise-try-${process.pid}`);
  try {
    mkdirSync(folder);
    rmSync(folder, { recursive: true, force: true });
    return true;
  } catch {
    return false;
  }
}

asRoot('every trace of a lab', () => {
  const paths = labPaths(mkdtempSync('/tmp/traces-'));
  let children: ChildProcess[] = [];
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    children = [];
    await removeCgroups(paths, 10);
  });
  afterAll(() => rmSync(paths.dir, { recursive: true, force: true }));

  function sleeper(env = {}): ChildProcess {
    const child = spawn('sh', ['-c', "trap '' TERM; while :; do sleep 1; done"], {
      stdio: 'ignore',
      env: { PATH: process.env.PATH, ...env },
    });
    children.push(child);
    return child;
  }
  const group = (mount: string, ...below: string[]): string => join(mount, cgroupOf(paths), ...below);
  const enter = (folder: string, { pid }: ChildProcess) =>
    writeFileSync(join(folder, 'cgroup.procs'), String(pid));
  const found = async (kind: string) => (await traces(paths)).filter((trace) => trace.startsWith(kind));
  const gone = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;

  test('is looked for in every kind', async () => {
    expect(await traces(paths)).toEqual([`folder ${paths.dir}`]);

    const marked = sleeper(markOf(paths, 'deploy'));
    expect(await eventually(5, async () => (await found('process')).includes(`process ${marked.pid}`))).toBe(
      true,
    );

    await run('ip', ['netns', 'add', namespaceOf(paths)]);
    await run('ip', [
      'link',
      'add',
      cableOf(paths),
      'type',
      'veth',
      'peer',
      'name',
      'lab0',
      'netns',
      namespaceOf(paths),
    ]);
    const node = `${namespaceOf(paths)}-node2`;
    await run('ip', ['netns', 'add', node]);
    mkdirSync(join(paths.dir, 'mounted'));
    await run('mount', ['-t', 'tmpfs', 'lab', join(paths.dir, 'mounted')]);
    try {
      expect(await found('network')).toEqual([`network ${namespaceOf(paths)}`, `network ${node}`]);
      expect(await found('cable')).toHaveLength(1);
      expect(await found('mount')).toHaveLength(1);
    } finally {
      await run('umount', [join(paths.dir, 'mounted')]);
      await removeNetwork(paths);
    }
    expect([...(await found('network')), ...(await found('cable'))]).toEqual([]);

    const short = `/tmp/swarm-ssh-${userInfo().uid}`;
    const isOurs = !existsSync(short);
    mkdirSync(short, { recursive: true, mode: 0o700 });
    writeFileSync(join(short, `lab-${paths.id}`), '');
    expect(await found('socket')).toHaveLength(1);
    rmSync(isOurs ? short : join(short, `lab-${paths.id}`), { recursive: true });

    for (const mount of MOUNTS) mkdirSync(group(mount, 'a-container'), { recursive: true });
    expect((await found('control group')).sort()).toEqual(
      MOUNTS.flatMap((mount) => [group(mount), group(mount, 'a-container')])
        .map((path) => `control group ${path}`)
        .sort(),
    );
  });

  test('the groups of a task that is still ending are gone with it, in every hierarchy', async () => {
    const task = sleeper();
    for (const mount of MOUNTS) {
      // A new group of v1 has no processors until it is given some; its processes go to the others.
      if (mount.endsWith('/cpuset')) continue;
      mkdirSync(group(mount, 'a-container'), { recursive: true });
      enter(group(mount, 'a-container'), task);
    }
    expect(await removeCgroups(paths)).toEqual([]);
    expect(cgroupsOf(paths)).toEqual([]);
    expect(await found('control group')).toEqual([]);
  });

  test('whoever stays in them is ended, a frozen one, too', async () => {
    const [stays, frozen] = [sleeper(), sleeper()];
    const freezer = MOUNTS.find(
      (mount) => existsSync(join(mount, 'freezer.state')) || mount.endsWith('/freezer'),
    );
    const other = MOUNTS.find((mount) => mount.endsWith('/pids')) ?? MOUNTS[0]!;
    mkdirSync(group(other, 'a'), { recursive: true });
    enter(group(other, 'a'), stays);
    const ice = group(freezer ?? other, 'b');
    mkdirSync(ice, { recursive: true });
    enter(ice, frozen);
    if (freezer) writeFileSync(join(ice, 'freezer.state'), 'FROZEN');
    else writeFileSync(join(ice, 'cgroup.freeze'), '1');
    expect(await removeCgroups(paths)).toEqual([]);
    expect(await eventually(5, () => gone(stays) && gone(frozen))).toBe(true);
  });
});
