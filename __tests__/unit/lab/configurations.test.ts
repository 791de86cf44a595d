import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { clientConfiguration, dockerHost, serverConfiguration } from '../../../lab/cluster/sshd';
import { engineConfiguration, enginePath } from '../../../lab/engine/engine';
import { registryConfiguration } from '../../../lab/engine/registry';
import { labPaths } from '../../../lab/ground/paths';
import type { LabSettings } from '../../../lab/ground/settings';

const paths = labPaths('/srv/lab');
const settings: LabSettings = {
  subnet: '10.213.7.0/24',
  sshPort: 12222,
  registryPort: 15000,
  registrySecret: 'abc',
  ownsFolder: true,
};

test("the engine keeps to the lab's folder, network and control group", () => {
  expect(engineConfiguration(paths, settings)).toMatchObject({
    hosts: ['unix:///srv/lab/docker.sock'],
    'data-root': '/srv/lab/engine',
    dns: ['10.213.7.2'],
    'cgroup-parent': `/proctorwise-lab-${paths.id}`,
    'insecure-registries': ['127.0.0.1:15000'],
  });
});

test('another engine is looked for first; a folder without one is refused', () => {
  const folder = mkdtempSync(join(tmpdir(), 'engine-'));
  try {
    const shell = { LAB_ENGINE_PATH: folder, PATH: '/usr/bin' };
    expect(() => enginePath(shell)).toThrow(/is not a folder with a dockerd in it/);
    writeFileSync(join(folder, 'dockerd'), '');
    expect(enginePath(shell)).toBe(`${folder}:/usr/bin`);
    expect(() => enginePath({ ...shell, LAB_ENGINE_PATH: 'engine' })).toThrow(/whole path/);
    expect(enginePath({ PATH: '/usr/bin', LAB_ENGINE_PATH: '' })).toBe('/usr/bin');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('two labs have two ids, one lab always the same', () => {
  expect(labPaths('/srv/lab').id).toBe(paths.id);
  expect(labPaths('/srv/other').id).not.toBe(paths.id);
});

test('the registry listens on loopback only', () => {
  const configuration = parse(registryConfiguration(paths, settings));
  expect(configuration.http.addr).toBe('127.0.0.1:15000');
  expect(configuration.storage.filesystem.rootdirectory).toBe('/srv/lab/registry');
});

test('sshd listens on loopback, takes one key, and limits sessions as a stock server does', () => {
  const lines = serverConfiguration(paths, settings).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      'ListenAddress 127.0.0.1:12222',
      'AuthorizedKeysFile /srv/lab/ssh/client_key.pub',
      'PasswordAuthentication no',
      'MaxSessions 10',
      'MaxStartups 10:30:100',
    ]),
  );
  const environment = lines.find((line) => line.startsWith('SetEnv'))?.split(' ');
  expect(environment).toContain('DOCKER_HOST=unix:///srv/lab/docker.sock');
  // Not root's: no start-up file of this machine's shell runs in a session.
  expect(environment).toContain('HOME=/srv/lab/ssh');
});

test("ssh checks the pinned host key, and neither reads nor writes anything of the user's", () => {
  const text = clientConfiguration(paths, settings);
  expect(text).toContain('StrictHostKeyChecking yes');
  expect(text).toContain('UserKnownHostsFile /srv/lab/ssh/known_hosts');
  expect(text).toContain('GlobalKnownHostsFile /dev/null');
  expect(text).toContain('IdentityAgent none');
  expect(text).not.toContain('~');
  expect(dockerHost(settings)).toBe('ssh://root@127.0.0.1:12222');
});
