import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { foldersIn, hierarchies } from '../../../lab/engine/cgroups';
import { cableOf, namespaceOf } from '../../../lab/engine/network';
import type { LabPaths } from '../../../lab/ground/paths';
import { run } from '../../../lab/ground/shell';

/** Everything on this machine that names the lab, of every kind that a lab makes. */
export async function traces(paths: LabPaths): Promise<string[]> {
  const links = await run('ip', ['-brief', 'link']);
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  return [
    ...processes(paths).map((pid) => `process ${pid}`),
    ...list('/run/netns')
      .sort()
      .filter((name) => name.startsWith(namespaceOf(paths)))
      .map((name) => `network ${name}`),
    ...(links.includes(cableOf(paths)) ? [`cable ${cableOf(paths)}`] : []),
    ...mounts.filter((line) => line.includes(` ${paths.dir}`)).map((line) => `mount ${line}`),
    ...controlGroups(paths.id).map((group) => `control group ${group}`),
    ...shortSockets(paths.id).map((socket) => `socket ${socket}`),
    ...(existsSync(paths.dir) ? [`folder ${paths.dir}`] : []),
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

/** In every hierarchy, wherever it is mounted, and as deep as they go: an engine in a container has them deeper. */
function controlGroups(id: string): string[] {
  const below = (folder: string): string[] =>
    foldersIn(folder).flatMap((name) => {
      const path = join(folder, name);
      return path.includes(id) ? [path, ...below(path)] : below(path);
    });
  return hierarchies().flatMap(below);
}

/** Of ssh, where the lab's own folder is too deep for them. */
const shortSockets = (id: string): string[] =>
  foldersIn('/tmp')
    .filter((name) => name.startsWith('swarm-ssh-'))
    .flatMap((name) => list(join('/tmp', name)).map((socket) => join('/tmp', name, socket)))
    .filter((socket) => socket.includes(id));

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
