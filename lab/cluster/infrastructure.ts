import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { removeCgroups } from '../engine/cgroups';
import { startEngine, stopEngine } from '../engine/engine';
import { CLIENTS, removeNetwork } from '../engine/network';
import { stopNodes } from '../engine/nodes';
import { registryAddress, startRegistry, stopRegistry } from '../engine/registry';
import { LabError } from '../ground/error';
import { type LabPaths, labPaths } from '../ground/paths';
import { processesOf, stopProcesses } from '../ground/processes';
import { type Print, runStep } from '../ground/progress';
import { ensureSettings, type LabSettings, labAddress, readSettings } from '../ground/settings';
import { ensureImages, type PublishedImage } from '../images/images';
import { stopAcme } from './acme';
import { withLabLock } from './lock';
import { ensureRequirements } from './requirements';
import { mailServer, startSidecars, stopSidecars } from './sidecars';
import { dockerHost, startSshd, stopSshd } from './sshd';

export interface LabOptions {
  /** @default - `LAB_DIR`, or `.lab` in the current folder */
  readonly dir?: string;
  /** @default - standard output */
  readonly print?: Print;
}

/** A running lab, and how to get at it. */
export interface Lab {
  readonly paths: LabPaths;
  /** `ssh://root@127.0.0.1:<port>`; ssh needs `-F <paths.sshConfig>`, or `<paths.bin>` first in PATH. */
  readonly dockerHost: string;
  /** Where published ports answer, from this machine. */
  readonly address: string;
  /** Addresses of this machine that requests can come from (`curl --interface`), for limits per client. */
  readonly clients: readonly string[];
  /** `127.0.0.1:<port>`, as images are named. */
  readonly registry: string;
  /** Takes mail and writes it to `paths.mails`. Reached from containers only. */
  readonly mail: { readonly host: string; readonly port: number };
  readonly images: readonly PublishedImage[];
}

/**
 * A disposable Swarm on this machine: its own engine, a registry, an sshd, a mail server, and the images. What runs
 * is left as it is, what is missing or broken is made again.
 *
 * @throws LabError where the lab cannot run, with what to do about it
 */
export async function labUp(options: LabOptions = {}): Promise<Lab> {
  const paths = labPaths(options.dir);
  const print = options.print ?? console.log;
  return withLabLock(paths, async () => {
    await runStep(print, 'requirements', (note) => ensureRequirements(paths, note));
    // Before anything else is written: without it nothing is taken for the lab's.
    const onPorts = ['sshd', 'registry', 'registry-view'] as const;
    const runs = () => onPorts.some((role) => processesOf(paths, role).length > 0);
    const settings = ensureSettings(paths, runs);
    mkdirSync(paths.logs, { recursive: true });
    mkdirSync(join(paths.dir, 'docker-config'), { recursive: true });
    await runStep(print, 'engine', (note) => startEngine(paths, settings, note));
    await runStep(print, 'registry', () => startRegistry(paths, settings));
    await runStep(print, 'sshd', () => startSshd(paths, settings));
    await runStep(print, 'mail and names', () => startSidecars(paths, settings));
    const images = await runStep(print, 'images', (note) => ensureImages(paths, settings, note));
    return describe(paths, settings, images);
  });
}

/** Ends the lab as a machine that is shut down: no process and no network is left, the folder with all data is. */
export async function labStop(options: LabOptions = {}): Promise<void> {
  const paths = labPaths(options.dir);
  const print = options.print ?? console.log;
  if (!existsSync(paths.dir)) return print(`there is no lab in ${paths.dir}`);
  await withLabLock(paths, async () => {
    // What an interrupted deploy left running writes its state before the engine goes.
    await runStep(print, 'deploys', () => stopProcesses(paths, 'deploy', 30));
    await runStep(print, 'engine', () => stopEngine(paths));
    await runStep(print, 'others', () => stopOthers(paths));
    await runStep(print, 'network', () => removeNetwork(paths));
  });
}

/** Removes every trace of the lab: processes, network, control groups and the folder. Does nothing when there is none. */
export async function labDown(
  options: LabOptions & { /** @default false */ readonly keepCache?: boolean } = {},
): Promise<void> {
  const paths = labPaths(options.dir);
  const print = options.print ?? console.log;
  if (!existsSync(paths.dir)) return print(`there is no lab in ${paths.dir}`);
  await withLabLock(paths, async () => {
    await runStep(print, 'processes', async (note) => {
      note('ending them');
      await Promise.all([stopEngine(paths, 0), stopOthers(paths)]);
      const left = await removeCgroups(paths);
      if (left.length > 0) throw new LabError(...stillThere(left));
    });
    await runStep(print, 'network', () => removeNetwork(paths));
    await runStep(print, 'files', async () => removeFiles(paths, options.keepCache ?? false));
  });
  removeIfEmpty(paths.dir);
}

const stillThere = (groups: readonly string[]): [string, string] => [
  `there are control groups that cannot be removed: ${groups.join(', ')}`,
  'a process in them does not end (`cat <group>/cgroup.procs`), as when a disk hangs; then run it again',
];

async function stopOthers(paths: LabPaths): Promise<void> {
  await Promise.all([
    stopNodes(paths),
    stopSshd(paths),
    stopRegistry(paths),
    stopSidecars(paths),
    stopAcme(paths),
    stopProcesses(paths, 'build', 0),
    stopProcesses(paths, 'vps', 0),
  ]);
}

/** The lab as it stands, without touching it; undefined when its engine does not run. */
export function labStatus(dir?: string): Omit<Lab, 'images'> | undefined {
  const paths = labPaths(dir);
  const settings = readSettings(paths);
  if (!settings || processesOf(paths, 'engine').length === 0) return undefined;
  const { images: _, ...rest } = describe(paths, settings, []);
  return rest;
}

const describe = (paths: LabPaths, settings: LabSettings, images: readonly PublishedImage[]): Lab => ({
  paths,
  dockerHost: dockerHost(settings),
  address: labAddress(settings, 2),
  clients: CLIENTS.map((host) => labAddress(settings, host)),
  registry: registryAddress(settings),
  mail: mailServer(settings),
  images,
});

/** What the lab made and nothing else: `LAB_DIR` may be a folder that holds more. Its settings go last. */
function removeFiles(paths: LabPaths, keepCache: boolean): void {
  const settings = readSettings(paths);
  if (!settings) return;
  const kept = [paths.settings, join(paths.dir, 'lock'), ...(keepCache ? [paths.cache] : [])];
  const { dir, id: _, ...known } = paths;
  const made = settings.ownsFolder
    ? readdirSync(dir).map((name) => join(dir, name))
    : [
        ...Object.values(known),
        ...['docker-config', 'daemon.json', 'registry.yml'].map((name) => join(dir, name)),
      ];
  for (const file of made) if (!kept.includes(file)) rmSync(file, { recursive: true, force: true });
  rmSync(paths.settings, { force: true });
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Something is in it that is not the lab's, or is meant to stay.
  }
}
