import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../ground/error';
import { type LabPaths, labFile } from '../ground/paths';
import {
  becomesReady,
  CELL,
  lastWord,
  type NodeRole,
  startProcess,
  stopProcesses,
} from '../ground/processes';
import { type LabSettings, labAddress } from '../ground/settings';
import { eventually, run, succeeds } from '../ground/shell';
import { cgroupOf } from './cgroups';
import { docker } from './docker';
import { engineConfiguration, enginePath, listeningAt } from './engine';
import { namespaceOf, removeNamespace } from './network';

/** What further nodes are called, and the last number of their addresses. */
const HOSTS: Readonly<Record<NodeRole, number>> = { node2: 21, node3: 22 };
export const NODES = Object.keys(HOSTS) as NodeRole[];

/** The lab's paths as the docker command on a further node's engine needs them. */
export const nodePaths = (paths: LabPaths, name: NodeRole): LabPaths => ({
  ...paths,
  socket: join(paths.nodes, `${name}.sock`),
  data: join(paths.nodes, name),
});

/**
 * A further node of the lab's Swarm, with an engine, a network and a host name of its own. It pulls what the lab's registry
 * has, by the same name, and starts empty. For tests: `labUp` knows of none, `labStop` and `labDown` end it with the rest.
 *
 * @throws LabError when its engine does not start
 */
export async function joinNode(
  paths: LabPaths,
  settings: LabSettings,
  name: NodeRole,
  role: 'manager' | 'worker',
): Promise<void> {
  await ensureNodeNetwork(paths, settings, name);
  const node = nodePaths(paths, name);
  mkdirSync(node.data, { recursive: true });
  const config = join(paths.nodes, `${name}.json`);
  const changes = { 'cgroup-parent': `/${cgroupOf(paths)}/${name}` };
  writeFileSync(config, JSON.stringify({ ...engineConfiguration(node, settings), ...changes }, null, 2));
  // Loopback is each network's own, and an image has one name: a third process on the registry's folder.
  const program = 'hostname "$1" && { docker-registry serve "$2" & exec dockerd --config-file "$3"; }';
  const cell = ['/bin/sh', labFile('assets', 'cell.sh'), '/bin/sh', '-c', program];
  const inside = ['nsenter', `--net=/run/netns/${networkOf(paths, name)}`, 'unshare', '--uts', ...CELL];
  const command = [...inside, ...cell, name, name, join(paths.dir, 'registry.yml'), config];
  startProcess(paths, name, command, { PATH: enginePath() });
  const answers = () => succeeds('docker', ['-H', `unix://${node.socket}`, 'version']);
  if (!(await becomesReady(paths, name, 90, answers))) {
    throw new LabError(
      `the engine of ${name} does not start: ${lastWord(paths, name)}`,
      `see ${join(paths.logs, `${name}.log`)}`,
    );
  }
  const address = labAddress(settings, HOSTS[name]);
  const token = (await docker(paths, ['swarm', 'join-token', '--quiet', role])).trim();
  await docker(node, [
    'swarm',
    'join',
    ...listeningAt(address),
    '--token',
    token,
    `${labAddress(settings, 2)}:2377`,
  ]);
  const isReady = async () => (await stateOf(paths, name, '{{.Status.State}}')) === 'ready';
  if (await eventually(60, isReady)) return;
  throw new LabError(`${name} does not join the Swarm`, `see ${join(paths.logs, `${name}.log`)}`);
}

/** Takes them out of the Swarm, whose tasks there start on the others, and removes all of them. Does nothing where there is none. */
export async function removeNodes(paths: LabPaths): Promise<void> {
  for (const name of NODES) {
    const role = await stateOf(paths, name, '{{.Spec.Role}}');
    if (role === '') continue;
    // Of two managers each is needed to decide: one that just leaves takes the quorum along.
    if (role === 'manager') {
      await docker(paths, ['node', 'demote', name]);
      const ask = (args: readonly string[]) =>
        docker(nodePaths(paths, name), args).then(
          (text) => text.trim(),
          () => '',
        );
      const control = ['info', '--format', '{{.Swarm.ControlAvailable}}'];
      await eventually(60, async () => (await ask(control)) !== 'true');
    }
    await docker(nodePaths(paths, name), ['swarm', 'leave', '--force']).catch(() => '');
  }
  await stopNodes(paths, 20);
  for (const name of NODES) {
    // Refused for a moment after it was a manager.
    await eventually(30, async () => {
      await docker(paths, ['node', 'rm', '--force', name]).catch(() => '');
      return (await stateOf(paths, name, '{{.ID}}')) === '';
    });
    await removeNamespace(networkOf(paths, name));
  }
  await removeNamespace(networkOf(paths, SWITCH));
  rmSync(paths.nodes, { recursive: true, force: true });
}

/** Their processes alone. */
export const stopNodes = (paths: LabPaths, graceSeconds = 0): Promise<unknown> =>
  Promise.all(NODES.map((name) => stopProcesses(paths, name, graceSeconds)));

/** Of the Swarm's word on it; empty where it is not in the Swarm. */
const stateOf = async (paths: LabPaths, name: NodeRole, format: string): Promise<string> =>
  (await docker(paths, ['node', 'inspect', name, '--format', format]).catch(() => '')).trim();

const SWITCH = 'switch';
/** Of the lab's network: its cable to the switch. */
const CABLE = 'nodes0';

const networkOf = (paths: LabPaths, of: NodeRole | typeof SWITCH): string => `${namespaceOf(paths)}-${of}`;

/**
 * One switch for all, in a network of its own, where no engine's firewall is. The lab's engine keeps its address: it has a
 * second cable, and a route for each node.
 */
async function ensureNodeNetwork(paths: LabPaths, settings: LabSettings, name: NodeRole): Promise<void> {
  const ip = (namespace: string, ...args: string[]) => run('ip', ['-n', namespace, ...args]);
  const [lab, hub, node] = [namespaceOf(paths), networkOf(paths, SWITCH), networkOf(paths, name)];
  const plug = async (namespace: string, end: string, port: string) => {
    await ip(namespace, 'link', 'add', end, 'type', 'veth', 'peer', 'name', port, 'netns', hub);
    await ip(namespace, 'link', 'set', end, 'up');
    await ip(hub, 'link', 'set', port, 'master', 'hub0', 'up');
  };
  if (!existsSync(`/run/netns/${hub}`)) {
    await run('ip', ['netns', 'add', hub]);
    await ip(hub, 'link', 'add', 'hub0', 'type', 'bridge');
    await ip(hub, 'link', 'set', 'hub0', 'up');
    await plug(lab, CABLE, 'lab');
  }
  await run('ip', ['netns', 'add', node]);
  await plug(node, 'eth0', name);
  await ip(node, 'link', 'set', 'lo', 'up');
  const address = labAddress(settings, HOSTS[name]);
  await ip(node, 'address', 'add', `${address}/24`, 'dev', 'eth0');
  await ip(lab, 'route', 'replace', `${address}/32`, 'dev', CABLE, 'src', labAddress(settings, 2));
}
