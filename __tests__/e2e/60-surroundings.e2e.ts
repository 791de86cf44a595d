import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runRollout } from '../../lab/deploy/docker';
import type { LabTarget } from '../../lab/deploy/target';
import { deployWithTerraform, synthesize } from '../../lab/deploy/terraform';
import { stopRegistry } from '../../lab/engine/registry';
import { run } from '../../lab/ground/shell';
import { withDocker } from '../../operations/docker/client';
import { tell } from './support/http';
import {
  describeLab,
  expectSuccess,
  npmRunLab,
  operator,
  runningLab,
  runningTarget,
  runProgram,
  tasks,
  testTerraform,
} from './support/lab';

/** As engines up to 28 write it, and as 29 does. */
const NO_IMAGE = /No such image: \S+proctorwise-\w+:\w+|failed to resolve reference \S+proctorwise-\w+:\w+/;

describeLab('in bad surroundings', () => {
  test('a port that is taken is named, with the way out', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    const variables = { LAB_DIR: mkdtempSync(join(tmpdir(), 'lab-')), LAB_REGISTRY_PORT: String(port) };
    const failed = await npmRunLab([], variables);
    server.close();
    expect(failed.status).toBe(1);
    expect(failed.output).toContain(`error: port ${port} on 127.0.0.1 is taken`);
    expect(failed.output).toContain('LAB_REGISTRY_PORT=<port>');
    expectSuccess(await runProgram('lab down', [], variables));
  });

  test('an image that does not exist ends the deploy with its name, and the old tasks serve on', async () => {
    const failed = await npmRunLab([], { IMAGE_TAG: 'v0' });
    expect(failed.status).toBe(1);
    expect(failed.output).toMatch(NO_IMAGE);
    expect(failed.output).toMatch(/likely cause: the registry does not have \S*proctorwise-\w+:v0/);
    expect(failed.output).toContain('error: ');
    expect(await tell('/users')).toMatchObject({ status: 200, version: 'v1' });
  });

  test('a registry that is down ends a deploy of what is not on the node; ./proctor lab up mends it', async () => {
    const { paths, registry } = runningLab();
    await stopRegistry(paths);
    const image = `${registry}/proctorwise-analyticsservice:late`;
    const update = ['service', 'update', '--detach', '--quiet', '--no-resolve-image', '--image', image];
    await operator(...update, 'proctorwise_analyticsservice');
    const gate = runRollout(runningTarget(), ['proctorwise_analyticsservice'], () => {});
    await expect(gate).rejects.toMatchObject({ output: expect.stringMatching(NO_IMAGE) });
    expect(await tell('/analytics')).toMatchObject({ status: 200, version: 'v1' });
    expectSuccess(await npmRunLab());
  });

  testTerraform('a wrong host key ends cdktf deploy before anything is asked', async () => {
    const before = await tasks();
    const target = await withWrongHostKey(runningTarget());
    await synthesize(target);
    await expect(deployWithTerraform(target, () => {})).rejects.toThrow(/host key/i);
    expect(await tasks()).toEqual(before);
  });

  test('the preflight can look into a volume, and leaves nothing behind', async () => {
    const host = `unix://${runningLab().paths.socket}`;
    const files = await withDocker({ host }, (docker) =>
      docker.filesIn('proctorwise_kafka_data', ['meta.properties', 'not-there']),
    );
    expect(files?.get('meta.properties')).toMatch(/^version=1$/m);
    expect(files?.get('not-there')).toBeUndefined();
    const left = await operator('container', 'ls', '--all', '--quiet', '--filter', 'label=proctorwise.look');
    expect(left.trim()).toBe('');
  });

  test('a wrong host key is told by the gate, with the server that it is for', async () => {
    const target = await withWrongHostKey(runningTarget());
    const gate = runRollout(target, ['proctorwise'], () => {});
    await expect(gate).rejects.toMatchObject({
      status: 6,
      output: expect.stringMatching(/the host key of .* is not/),
    });
  });

  test('a daemon that is no manager is told so, with the command that makes it one', async () => {
    await operator('swarm', 'leave', '--force');
    const gate = runRollout(runningTarget(), ['proctorwise'], () => {});
    await expect(gate).rejects.toMatchObject({
      output: expect.stringMatching(/not a Swarm manager\n.*docker swarm init/),
    });
  });

  testTerraform('nor does cdktf deploy go on without a manager', async () => {
    const target = runningTarget();
    await synthesize(target);
    await expect(deployWithTerraform(target, () => {})).rejects.toThrow(/docker swarm init/);
  });
});

/** The same way in, but another server's key is known for it. */
async function withWrongHostKey(target: LabTarget): Promise<LabTarget> {
  const folder = mkdtempSync(join(tmpdir(), 'ssh-'));
  const key = join(folder, 'key');
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const { port, hostname } = new URL(target.lab.dockerHost);
  writeFileSync(join(folder, 'known_hosts'), `[${hostname}]:${port} ${readFileSync(`${key}.pub`, 'utf8')}`);
  const sshConfig = join(folder, 'config');
  const text = readFileSync(target.lab.paths.sshConfig, 'utf8')
    // A shared connection was checked when it was opened.
    .replace(/^\s*Control.*\n/gm, '')
    .replace(/UserKnownHostsFile .*/, `UserKnownHostsFile ${join(folder, 'known_hosts')}`);
  writeFileSync(sshConfig, text);
  const lab = { ...target.lab, paths: { ...target.lab.paths, sshConfig } };
  return { ...target, lab, env: { ...target.env, VPS_SSH_CONFIG: sshConfig } };
}
