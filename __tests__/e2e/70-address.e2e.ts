import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { docker as dockerOn } from '../../lab/engine/docker';
import { startDaemon, stopEngine } from '../../lab/engine/engine';
import { ensureNetwork, insideNetwork, namespaceOf, removeNetwork } from '../../lab/engine/network';
import { labPaths } from '../../lab/ground/paths';
import { ensureSettings, labAddress } from '../../lab/ground/settings';
import { eventually, run } from '../../lab/ground/shell';
import { describeLab } from './support/lab';

/** The commands of the runbook, with the addresses of its example. */
const RUNBOOK = /## A Swarm that does not start[\s\S]*?```sh\n([\s\S]*?)```/.exec(
  readFileSync('docs/vps.md', 'utf8'),
)![1]!;

describeLab('a server that gets another address', () => {
  const folder = mkdtempSync(join(tmpdir(), 'address-'));
  const paths = labPaths(folder);
  const settings = ensureSettings(paths, () => false);
  const moved = { ...settings, subnet: settings.subnet.replace(/^10\.213/, '10.212') };
  const [old, now] = [labAddress(settings, 2), labAddress(moved, 2)];
  const docker = (...args: string[]) => dockerOn(paths, args);
  const inside = (...args: string[]) => run('ip', ['-n', namespaceOf(paths), ...args]);

  const restart = async () => {
    await stopEngine(paths);
    await startDaemon(paths, settings);
  };
  /** The server is stopped, and comes up again with the other address. */
  const move = async () => {
    await stopEngine(paths);
    await inside('address', 'del', `${old}/24`, 'dev', 'lab0');
    await ensureNetwork(paths, moved);
    await startDaemon(paths, settings);
  };
  const swarm = () => docker('info', '--format', '{{.Swarm.LocalNodeState}}: {{.Swarm.Error}}');
  const isActive = () => eventually(30, async () => (await swarm()).startsWith('active'));
  const secrets = () => docker('secret', 'ls', '--format', '{{.Name}}');

  beforeEach(async () => {
    mkdirSync(paths.logs, { recursive: true });
    await ensureNetwork(paths, settings);
    await startDaemon(paths, settings);
  });
  afterEach(async () => {
    await stopEngine(paths, 0);
    await removeNetwork(paths);
    rmSync(paths.data, { recursive: true });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('keeps the Swarm that the host step made, with its secrets', async () => {
    await inside('route', 'add', 'default', 'via', labAddress(settings, 1));
    const step = [...insideNetwork(paths), 'sh', 'constructs/assets/host/swarm.sh'];
    await run(step[0]!, step.slice(1), { env: { DOCKER_HOST: `unix://${paths.socket}` } });
    await dockerOn(paths, ['secret', 'create', 'kept', '-'], { input: 'value' });
    await move();
    expect(await isActive()).toBe(true);
    expect(await secrets()).toBe('kept\n');
  });

  test('does not start a Swarm that listens on the old one, and the runbook brings it back whole', async () => {
    const where = ['--advertise-addr', old, '--listen-addr', `${old}:2377`];
    await docker('swarm', 'init', ...where);
    await dockerOn(paths, ['secret', 'create', 'kept', '-'], { input: 'value' });
    await move();
    expect(
      await eventually(30, async () => (await swarm()).includes('cannot assign requested address')),
    ).toBe(true);

    const commands = RUNBOOK.split('\n').map((line) => line.replace(/#.*/, '').trim());
    for (const line of commands.filter(Boolean)) {
      const words = line.replaceAll('203.0.113.10', old).replaceAll('203.0.113.77', now).split(' ');
      if (words[0] === 'sudo') words.shift();
      if (words[0] === 'systemctl') await restart();
      else if (words[0] === 'ip') await inside(...words.slice(1));
      else if (words[1] === 'secret') expect(await secrets()).toBe('kept\n');
      else await dockerOn(paths, words.slice(1));
      if (words[0] === 'systemctl') expect(await isActive()).toBe(true);
    }
    expect(await docker('info', '--format', '{{.Swarm.NodeAddr}}')).toBe(`${now}\n`);
    // Nothing of the old address is left that the next start would want.
    await restart();
    expect(await isActive()).toBe(true);
    expect(await secrets()).toBe('kept\n');
  });
});
