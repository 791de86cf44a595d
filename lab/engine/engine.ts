import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Shell } from '../../contract/shell';
import { LabError } from '../ground/error';
import { type LabPaths, labFile } from '../ground/paths';
import { becomesReady, CELL, lastWord, processesOf, startProcess, stopProcesses } from '../ground/processes';
import type { Print } from '../ground/progress';
import { type LabSettings, labAddress } from '../ground/settings';
import { eventually } from '../ground/shell';
import { cgroupOf, removeCgroups } from './cgroups';
import { docker } from './docker';
import { ensureNetwork, insideNetwork } from './network';

// All inside the lab's own network namespace, where only the lab's cable could clash.
const BRIDGE = '10.214.0.1/24';
const BRIDGES = '10.216.0.0/16';
const OVERLAYS = '10.215.0.0/16';

/**
 * Where the engine's programs are looked for first: `LAB_ENGINE_PATH` names a folder with another one than this machine's,
 * dockerd and what it starts (containerd, containerd-shim-runc-v2, runc, docker-proxy).
 *
 * @throws LabError when there is no engine in it
 */
export function enginePath({ LAB_ENGINE_PATH: folder, PATH = '' }: Shell = process.env): string {
  if (!folder) return PATH;
  if (folder.startsWith('/') && existsSync(join(folder, 'dockerd'))) return `${folder}:${PATH}`;
  throw new LabError(
    `LAB_ENGINE_PATH=${folder} is not a folder with a dockerd in it`,
    'name the folder by its whole path, or leave it out for the engine of this machine',
  );
}

/** The private engine's daemon.json. */
export function engineConfiguration(paths: LabPaths, settings: LabSettings): Record<string, unknown> {
  return {
    hosts: [`unix://${paths.socket}`],
    'data-root': paths.data,
    bip: BRIDGE,
    'default-address-pools': [{ base: BRIDGES, size: 24 }],
    dns: [labAddress(settings, 2)],
    'cgroup-parent': `/${cgroupOf(paths)}`,
    // As the host step sets it.
    'no-new-privileges': true,
    // Systemd's driver takes slices only, and would ask this machine's systemd for them.
    'exec-opts': ['native.cgroupdriver=cgroupfs'],
    'insecure-registries': [`127.0.0.1:${settings.registryPort}`],
  };
}

/** Sees to it that the engine runs and manages a Swarm of one. Does nothing when it does. */
export async function startEngine(paths: LabPaths, settings: LabSettings, note: Print): Promise<void> {
  await ensureNetwork(paths, settings);
  if (processesOf(paths, 'engine').length > 0 && !(await answers(paths, 20))) {
    note('it runs but does not answer, starting it again');
    await stopEngine(paths);
  }
  if (processesOf(paths, 'engine').length === 0) await startDaemon(paths, settings);
  await ensureSwarm(paths, settings);
}

/** @param graceSeconds what the containers get to end by themselves; 0 for an engine whose data goes, too */
export async function stopEngine(paths: LabPaths, graceSeconds = 30): Promise<void> {
  await stopProcesses(paths, 'engine', graceSeconds);
  rmSync(paths.socket, { force: true });
  await removeCgroups(paths);
}

/** Without a Swarm: one that is there comes up as it can. */
export async function startDaemon(paths: LabPaths, settings: LabSettings): Promise<void> {
  await removeCgroups(paths);
  rmSync(paths.socket, { force: true });
  mkdirSync(paths.data, { recursive: true });
  const config = join(paths.dir, 'daemon.json');
  writeFileSync(config, JSON.stringify(engineConfiguration(paths, settings), null, 2));
  const cell = ['/bin/sh', labFile('assets', 'cell.sh')];
  const command = [...insideNetwork(paths), ...CELL, ...cell, 'dockerd', '--config-file', config];
  startProcess(paths, 'engine', command, { PATH: enginePath() });
  if (await answers(paths, 90)) return;
  throw new LabError(
    `the engine does not start: ${lastWord(paths, 'engine')}`,
    `see ${join(paths.logs, 'engine.log')}`,
  );
}

const answers = (paths: LabPaths, seconds: number): Promise<boolean> =>
  becomesReady(paths, 'engine', seconds, async () => {
    if (!existsSync(paths.socket)) return false;
    const version = docker(paths, ['version'], { timeoutSeconds: 10 });
    return version.then(
      () => true,
      () => false,
    );
  });

/** Where a node of the Swarm is reached: options of `docker swarm init` and `join`. */
export const listeningAt = (address: string): string[] => [
  '--advertise-addr',
  address,
  '--listen-addr',
  `${address}:2377`,
  '--data-path-addr',
  address,
];

async function ensureSwarm(paths: LabPaths, settings: LabSettings): Promise<void> {
  const state = async () =>
    (
      await docker(paths, ['info', '--format', '{{.Swarm.LocalNodeState}} {{.Swarm.ControlAvailable}}'])
    ).trim();
  const isManager = async () =>
    (await state()) === 'active true' &&
    (await docker(paths, ['node', 'ls', '--format', '{{.Status}}']).catch(() => '')).trim() === 'Ready';
  // After a crash it needs some seconds to lead itself again.
  if (!(await state()).startsWith('inactive') && (await eventually(60, isManager))) return;
  if (!(await state()).startsWith('inactive')) await docker(paths, ['swarm', 'leave', '--force']);
  const address = labAddress(settings, 2);
  const pools = ['--default-addr-pool', OVERLAYS, '--default-addr-pool-mask-length', '24'];
  await docker(paths, ['swarm', 'init', ...listeningAt(address), ...pools]);
  if (await eventually(60, isManager)) return;
  throw new LabError('the engine does not become a Swarm manager', `see ${join(paths.logs, 'engine.log')}`);
}
