import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cableOf, namespaceOf } from '../../lab/engine/network';
import { type LabPaths, labPaths } from '../../lab/ground/paths';
import { run } from '../../lab/ground/shell';
import { describeLab, expectSuccess, killProgram, runProgram } from './support/lab';

const lastly = process.env.E2E_KEEP ? test.skip : test;

describeLab('./proctor lab down', () => {
  lastly('can be killed in the middle', async () => {
    expect((await killProgram('lab down', /processes/)).status).toBeNull();
  });

  lastly('leaves no process, network, mount, control group or file', async () => {
    const paths = labPaths();
    expect((await traces(paths)).length).toBeGreaterThan(0);
    expectSuccess(await runProgram('lab down'));
    expect(await traces(paths)).toEqual([]);
  });

  lastly('has nothing to do the second time', async () => {
    expectSuccess(await runProgram('lab down'));
    expect(await traces(labPaths())).toEqual([]);
  });
});

/** Everything on this machine that names the lab. */
async function traces(paths: LabPaths): Promise<string[]> {
  const links = await run('ip', ['-brief', 'link']);
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  return [
    ...processes(paths).map((pid) => `process ${pid}`),
    ...(existsSync(`/run/netns/${namespaceOf(paths)}`) ? [`network ${namespaceOf(paths)}`] : []),
    ...(links.includes(cableOf(paths)) ? [`cable ${cableOf(paths)}`] : []),
    ...mounts.filter((line) => line.includes(` ${paths.dir}`)),
    ...controlGroups().filter((name) => name.includes(paths.id)),
    ...(existsSync(paths.dir) ? [paths.dir] : []),
  ];
}

/** Marked as the lab's, or with its folder on the command line, as ssh's shared connection has it. */
function processes(paths: LabPaths): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const read = (name: string) => readFileSync(join('/proc', pid, name), 'latin1');
        return (
          read('environ').includes(`PROCTORWISE_LAB=${paths.dir}:`) ||
          read('cmdline').includes(`${paths.dir}/`)
        );
      } catch {
        return false;
      }
    });
}

function controlGroups(): string[] {
  const root = '/sys/fs/cgroup';
  if (!existsSync(root)) return [];
  const names = readdirSync(root);
  return [...names, ...names.flatMap((name) => list(join(root, name)))];
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
