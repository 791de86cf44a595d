import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { App, declareHost, type PlatformSpec } from '../../../../constructs';
import { DockerClient } from '../../../../operations/docker/client';
import { findTarget } from '../../../../operations/docker/target';
import { prepareHost } from '../../../../operations/host/prepare';
import { readHost } from '../../../../operations/stack/synthesized-host';
import { Console } from '../../../../operations/terminal/console';
import { platform } from '../../../../services.config';
import { HAS_SSHD, RealSshd } from '../../../support/programs/sshd';

(HAS_SSHD ? describe : describe.skip)('an agent of seven keys, of which the last is the right one', () => {
  const server = new RealSshd();
  const { PATH, SSH_AUTH_SOCK } = process.env;
  let agent: number;

  beforeAll(async () => {
    // As a stock sshd has it.
    await server.start('MaxAuthTries 6');
    process.env.SSH_AUTH_SOCK = server.at('agent');
    agent = Number(
      /SSH_AGENT_PID=(\d+)/.exec(
        execFileSync('ssh-agent', ['-a', server.at('agent')], { encoding: 'utf8' }),
      )![1],
    );
    const add = (name: string) => execFileSync('ssh-add', ['-q', server.at(name)], { env: process.env });
    for (let n = 1; n <= 6; n += 1) {
      const file = server.at(`stranger${n}`);
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', `stranger${n}`, '-f', file]);
      add(`stranger${n}`);
    }
    add('key');
    // Its public half alone: the agent has the key.
    copyFileSync(server.at('key.pub'), server.at('right.pub'));
    writeFileSync(
      server.at('ssh_config'),
      ['UserKnownHostsFile', 'GlobalKnownHostsFile']
        .map((word) => `${word} ${server.at('known')}\n`)
        .join(''),
    );
    mkdirSync(server.at('programs'));
    // A Terraform with nothing to do.
    writeFileSync(server.at('programs/terraform'), '#!/bin/sh\n[ "$1" != init ] || mkdir -p .terraform\n', {
      mode: 0o755,
    });
    process.env.PATH = `${server.at('programs')}${delimiter}${PATH}`;
  });
  afterAll(() => {
    process.kill(agent);
    Object.assign(process.env, { PATH });
    if (SSH_AUTH_SOCK === undefined) delete process.env.SSH_AUTH_SOCK;
    else process.env.SSH_AUTH_SOCK = SSH_AUTH_SOCK;
    server.stop();
  });

  const shell = (identity?: string) => ({
    VPS_HOST: '127.0.0.1',
    VPS_USER: new URL(server.url()).username,
    VPS_PORT: String(server.port),
    VPS_SSH_CONFIG: server.at('ssh_config'),
    VPS_KNOWN_HOSTS: readFileSync(server.at('known'), 'utf8'),
    ...(identity ? { VPS_SSH_IDENTITY: identity } : {}),
  });

  /** The server's stack as it is synthesized with this shell, with one step that tells nothing but that it ran. */
  function synthesized(identity?: string) {
    const out = server.at(identity ? 'named' : 'unnamed');
    const environment = { ...platform.environments.production, host: {} };
    const app = new App({ outdir: out });
    declareHost(app, { ...platform, environments: { production: environment } } as PlatformSpec, {
      environment: 'production',
      shell: shell(identity),
    });
    app.synth();
    const host = readHost(out)!;
    return { ...host, steps: [{ ...host.steps[0]!, script: 'echo "ok time: of the server"' }] };
  }

  async function prepare(identity?: string) {
    const said: string[] = [];
    const spy = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      said.push(String(chunk));
      return true;
    });
    try {
      const result = await prepareHost({
        host: synthesized(identity),
        yes: true,
        check: true,
        acknowledge: [],
        console: new Console(false, { CI: 'true' }),
        signal: new AbortController().signal,
        waits: () => {},
      });
      return { ...result, said: said.join('') };
    } finally {
      spy.mockRestore();
    }
  }

  /** What a step of the stack does when Terraform runs it. */
  function runStep(identity?: string) {
    const { folder } = synthesized(identity);
    const json = JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8'));
    const { command, environment } = json.resource.null_resource.time.provisioner[0]['local-exec'];
    const env = { ...process.env, ...environment, HOST_SSH: environment.HOST_SSH.replaceAll('$${', '${') };
    return spawnSync('sh', ['-c', command.replaceAll('$${', '${')], {
      encoding: 'utf8',
      env: { ...env, HOST_STEP: 'echo "ok time: of the server"' },
    });
  }

  test('is let in by none, and the way out is named, by a step as well', async () => {
    await expect(prepare()).rejects.toThrow(/hangs up before the right key.*\n.*VPS_SSH_IDENTITY=/);
    const { status, stderr } = runStep();
    expect(status).toBe(1);
    expect(stderr).toMatch(/^failed time: the server hangs up before .*\n {2}.*VPS_SSH_IDENTITY=/);
  });

  test('with the right one named, the check and the steps are let in', async () => {
    const result = await prepare(server.at('right.pub'));
    expect(result.error).toBeNull();
    expect(result.said).toContain('of the server');
    expect(runStep(server.at('right.pub'))).toMatchObject({ status: 0, stdout: 'ok time: of the server\n' });
  });

  test('status and its like, which know the shell alone, are let in as well', async () => {
    server.docker(
      `read -r line; printf 'HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nContent-Length: 2\\r\\n\\r\\n[]'; sleep 2`,
    );
    const ask = async (identity?: string) => {
      const docker = new DockerClient(findTarget(undefined, [], shell(identity)));
      return docker.services().finally(() => docker.close());
    };
    await expect(ask()).rejects.toThrow(/VPS_SSH_IDENTITY=/);
    expect(await ask(server.at('right.pub'))).toEqual([]);
  });
});
