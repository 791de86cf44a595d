import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { App, declareHost, type HostSpec, type PlatformSpec } from '../../../../constructs';
import { checkHost } from '../../../../operations/host/check';
import { readHost } from '../../../../operations/stack/synthesized-host';
import { platform } from '../../../../services.config';
import { FakeServer } from '../../../support/programs/fake-server';
import { freePorts } from '../../../support/programs/loopback';
import { PLUGINS } from '../../../support/programs/providers';

const SSHD = ['/usr/sbin/sshd', '/usr/bin/sshd'].find(existsSync);
const lacking = [
  ...(existsSync(join(PLUGINS, 'registry.terraform.io/hashicorp/null')) ? [] : ["Terraform's null provider"]),
  ...(spawnSync('terraform', ['-version']).status === 0 ? [] : ['terraform']),
  ...(SSHD && spawnSync('ssh-agent', ['-h']).error === undefined ? [] : ['an sshd and an ssh-agent']),
  ...(userInfo().uid === 0 ? [] : ['root']),
];
if (lacking.length > 0) console.warn(`SKIPPED: ${lacking.join(', ')} not here, no step ran over ssh`);

/** An sshd on loopback whose sessions are on a server in a folder; all three kinds of host keys, as a stock one. */
class Sshd {
  readonly folder = mkdtempSync(join(tmpdir(), 'sshd-'));
  readonly server = new FakeServer();
  private readonly processes: number[] = [];

  constructor(readonly port: number) {
    for (const kind of ['ed25519', 'ecdsa', 'rsa']) this.key(`host_${kind}`, kind);
    this.key('client', 'ed25519');
    mkdirSync('/run/sshd', { recursive: true });
    const environment = Object.entries(this.server.environment).map(([name, value]) => `${name}=${value}`);
    const at = (name: string) => join(this.folder, name);
    writeFileSync(
      at('sshd_config'),
      [
        `ListenAddress 127.0.0.1:${port}`,
        ...['ed25519', 'ecdsa', 'rsa'].map((kind) => `HostKey ${at(`host_${kind}`)}`),
        `AuthorizedKeysFile ${at('client.pub')}`,
        ...['StrictModes no', 'PidFile none', 'UsePAM yes', 'PasswordAuthentication no', 'PrintMotd no'],
        `SetEnv ${environment.join(' ')}`,
        `ForceCommand ${at('session')}`,
      ].join('\n'),
    );
    // Each session tells what of an agent it could use.
    writeFileSync(
      at('session'),
      `#!/bin/sh
{ echo session; [ -z "\${SSH_AUTH_SOCK:-}" ] || /usr/bin/ssh-add -L 2>&1; } >> ${at('sessions')}
exec sh -c "$SSH_ORIGINAL_COMMAND"
`,
      { mode: 0o755 },
    );
    // A user whose own configuration forwards the agent.
    writeFileSync(at('config'), 'ForwardAgent yes\n');
    const child = spawn(SSHD!, ['-D', '-e', '-f', at('sshd_config')], { stdio: 'ignore' });
    this.processes.push(child.pid!);
  }

  get sshConfig(): string {
    return join(this.folder, 'config');
  }

  /** What the sessions since the last time could use: `session` for each, and the keys of an agent. */
  sessions(): string {
    const file = join(this.folder, 'sessions');
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    rmSync(file, { force: true });
    return text;
  }

  /** Lines of known_hosts for these kinds of keys. */
  knownHosts(...kinds: string[]): string {
    return kinds
      .map(
        (kind) => `[127.0.0.1]:${this.port} ${readFileSync(join(this.folder, `host_${kind}.pub`), 'utf8')}`,
      )
      .join('');
  }

  /** An agent that has the client's key. */
  agent(): string {
    const socket = join(this.folder, 'agent');
    const said = execFileSync('ssh-agent', ['-a', socket], { encoding: 'utf8' });
    this.processes.push(Number(/SSH_AGENT_PID=(\d+)/.exec(said)![1]));
    execFileSync('ssh-add', ['-q', join(this.folder, 'client')], {
      env: { ...process.env, SSH_AUTH_SOCK: socket },
    });
    return socket;
  }

  async ready(): Promise<void> {
    for (let tries = 0; tries < 100; tries += 1) {
      const open = await new Promise((done) => {
        const socket = createConnection(this.port, '127.0.0.1', () => done(socket.destroy()));
        socket.on('error', () => done(false));
      });
      if (open) return;
      await new Promise((done) => setTimeout(done, 100));
    }
  }

  stop(): void {
    for (const pid of this.processes) process.kill(pid);
    this.server.remove();
    rmSync(this.folder, { recursive: true });
  }

  private key(name: string, kind: string): void {
    execFileSync('ssh-keygen', ['-q', '-t', kind, '-N', '', '-f', join(this.folder, name)]);
  }
}

/** Another user of the server: appends to each file that names the token and that it may write, and says which. */
const INTRUDER = `
const fs = require('fs');
const [token, words, ...folders] = process.argv.slice(1);
const done = new Set();
const look = (folder, deeper) => {
  let names = [];
  try { names = fs.readdirSync(folder, { withFileTypes: true }); } catch {}
  for (const name of names) {
    const path = folder + '/' + name.name;
    if (name.isDirectory() && deeper && /^(swarm|terraform|tmp)/.test(name.name)) look(path, false);
    if (!name.isFile() || done.has(path)) continue;
    try {
      if (!fs.readFileSync(path, 'utf8').includes(token)) continue;
      fs.appendFileSync(path, words);
      done.add(path);
      console.log(path);
    } catch {}
  }
};
console.log('ready');
(function again() { for (const folder of folders) look(folder, true); setImmediate(again); })();
`;

(lacking.length === 0 ? describe : describe.skip)('Terraform over a real sshd', () => {
  let sshd: Sshd;
  let agent: string;
  let work: string;
  beforeAll(async () => {
    const [port] = await freePorts(1);
    sshd = new Sshd(port!);
    agent = sshd.agent();
    await sshd.ready();
    work = mkdtempSync(join(tmpdir(), 'host-terraform-'));
  });
  afterAll(() => {
    sshd.stop();
    rmSync(work, { recursive: true });
  });

  /** Synthesizes into a folder of the same depth as cdktf.out, so that states of one name are one state. */
  function stack(name: string, knownHosts: string, host: HostSpec = {}) {
    const out = join(work, name, 'out');
    mkdirSync(out, { recursive: true });
    const environment = { ...platform.environments.production, host };
    const spec = { ...platform, environments: { production: environment } } as PlatformSpec;
    const app = new App({ outdir: out });
    const shell = {
      VPS_HOST: '127.0.0.1',
      VPS_USER: 'root',
      VPS_PORT: String(sshd.port),
      VPS_KNOWN_HOSTS: knownHosts,
      VPS_SSH_CONFIG: sshd.sshConfig,
    };
    declareHost(app, spec, { environment: 'production', shell });
    app.synth();
    const { folder } = readHost(out)!;
    const terraform = (...args: string[]) => {
      const env = { ...process.env, SSH_AUTH_SOCK: agent, TF_INPUT: '0', CHECKPOINT_DISABLE: '1' };
      const result = spawnSync('terraform', [...args, '-no-color'], { cwd: folder, env, encoding: 'utf8' });
      return {
        status: result.status,
        output: `${result.stdout}${result.stderr}`.replace(/\s*\n[│\s]*/g, '\n'),
      };
    };
    const init = terraform('init', `-plugin-dir=${PLUGINS}`);
    if (init.status !== 0) throw new Error(init.output);
    return { out, folder, terraform };
  }

  test('makes a bare server ready; again it does nothing, and a check finds nothing', async () => {
    const { out, terraform } = stack('whole', sshd.knownHosts('ed25519', 'ecdsa', 'rsa'));
    const first = terraform('apply', '-auto-approve');
    expect(first.output).toContain('Apply complete! Resources: 9 added');
    expect(sshd.server.told('swarm')).toBe('active true\n');
    // The port that the session came by, which the stand-in's configuration does not name.
    expect(sshd.server.read('etc/swarm-host/firewall.nft')).toContain(
      `tcp dport { 22, ${sshd.port} } accept`,
    );
    expect(sshd.server.told('unexpected')).toBe('');
    expect(terraform('plan', '-detailed-exitcode')).toMatchObject({ status: 0 });

    const host = {
      ...readHost(out)!,
      sshOptions: [
        '-F',
        '/dev/null',
        '-i',
        join(sshd.folder, 'client'),
        '-o',
        `UserKnownHostsFile=${knownFile()}`,
      ],
    };
    const before = await checkHost(host);
    expect(before.filter(({ kind }) => kind !== 'ok')).toEqual([]);
    expect(new Set(before.map(({ step }) => step)).size).toBe(9);
    sshd.server.write('etc/docker/daemon.json', '{}');
    sshd.server.says({ nft: '' });
    const after = await checkHost(host);
    expect(after.filter(({ kind }) => kind === 'differs').map(({ step }) => step)).toEqual([
      'firewall',
      'daemon',
    ]);

    const mended = terraform(
      'apply',
      '-auto-approve',
      '-replace=null_resource.firewall',
      '-replace=null_resource.daemon',
    );
    expect(mended.output).toContain('Resources: 2 added, 0 changed, 2 destroyed');
    expect(sshd.server.read('etc/docker/daemon.json')).toContain('no-new-privileges');
    expect((await checkHost(host)).filter(({ kind }) => kind === 'differs')).toEqual([]);

    sshd.server.changes();
    const files = sshd.server.files();
    expect(terraform('destroy', '-auto-approve').output).toContain(
      'Destroy complete! Resources: 9 destroyed',
    );
    expect(sshd.server.changes()).toEqual([]);
    expect(sshd.server.files()).toEqual(files);
  });

  const knownFile = () => {
    const file = join(sshd.folder, 'known_hosts');
    writeFileSync(file, sshd.knownHosts('ed25519'));
    return file;
  };

  test('the operator’s agent does not go along, whatever the configuration of ssh says', async () => {
    const by = (...more: string[]) =>
      spawnSync('ssh', [...more, '-p', String(sshd.port), 'root@127.0.0.1', 'true'], {
        env: { ...process.env, SSH_AUTH_SOCK: agent },
      });
    sshd.sessions();
    by('-F', sshd.sshConfig, '-o', `UserKnownHostsFile=${knownFile()}`, '-o', 'ControlPath=none');
    expect(sshd.sessions()).toMatch(/^session\nssh-ed25519 /);

    const { terraform, out } = stack('agent', sshd.knownHosts('ed25519', 'ecdsa', 'rsa'));
    expect(terraform('apply', '-auto-approve').status).toBe(0);
    const host = readHost(out)!;
    const options = [
      ...host.sshOptions,
      '-o',
      `UserKnownHostsFile=${knownFile()}`,
      '-i',
      join(sshd.folder, 'client'),
    ];
    await checkHost({ ...host, sshOptions: options });
    expect(sshd.sessions()).toBe('session\n'.repeat(10));
    // As the provider calls it, with its `ssh_opts` and nothing else.
    expect(host.sshOptions.slice(0, 2)).toEqual(['-F', sshd.sshConfig]);
    by(...options);
    expect(sshd.sessions()).toBe('session\n');
  });

  test('nobody else on the server can write what root runs there', async () => {
    const [token] = await freePorts(1);
    const mark = join(work, 'owned');
    chmodSync(work, 0o777);
    for (const folder of [sshd.server.folder, sshd.server.root]) chmodSync(folder, 0o755);
    const words = `\necho owned > ${mark}\n`;
    const folders = ['/tmp', '/var/tmp', '/dev/shm', '/run', join(sshd.server.root, 'run')];
    const intruder = spawn(process.execPath, ['-e', INTRUDER, `443 ${token}'`, words, ...folders], {
      uid: 65534,
      gid: 65534,
      cwd: '/',
    });
    try {
      let found = '';
      intruder.stdout.on('data', (text) => {
        found += text;
      });
      const finds = async (text: string) => {
        for (let tries = 0; tries < 100 && !found.includes(text); tries += 1)
          await new Promise((done) => setTimeout(done, 100));
        return found.includes(text);
      };
      expect(await finds('ready')).toBe(true);
      // It would find it.
      const bait = join('/tmp', `bait-${token}`);
      writeFileSync(bait, `443 ${token}'`);
      chmodSync(bait, 0o777);
      expect(await finds(bait)).toBe(true);
      rmSync(bait);

      const { terraform } = stack('intruder', sshd.knownHosts('ed25519', 'ecdsa', 'rsa'), {
        openPorts: [token!],
      });
      expect(terraform('apply', '-auto-approve').output).toContain('9 added');
      expect(found).toBe(`ready\n${bait}\n`);
      expect(existsSync(mark)).toBe(false);
    } finally {
      intruder.kill();
    }
  });

  test('does not speak to a server that shows another key, and tells neither agent nor key to the state', () => {
    const foreign = sshd
      .knownHosts('ecdsa')
      .replace(/AAAA\S+/, readFileSync(join(sshd.folder, 'client.pub'), 'utf8').split(' ')[1]!);
    const { terraform, folder } = stack('foreign', foreign.replace('ecdsa-sha2-nistp256', 'ssh-ed25519'));
    sshd.sessions();
    const { status, output } = terraform('apply', '-auto-approve');
    expect(output).toContain('failed time: the server shows another host key than the one that is known');
    expect(sshd.sessions()).toBe('');
    expect(status).toBe(1);
    const state = readFileSync(join(folder, '../../../terraform.host.tfstate'), 'utf8');
    expect(state).toContain('null_resource');
    expect(state).not.toMatch(/agent|BEGIN|host_key/);
  });

  test('without a known key it does not even plan', () => {
    const { terraform } = stack('unknown', '');
    const { status, output } = terraform('plan');
    expect(output.replaceAll('\n', ' ')).toContain(
      'The host key of 127.0.0.1 is not known. Connect once by hand',
    );
    expect(status).toBe(1);
  });

  test('a step that failed, runs again at the next apply', () => {
    sshd.server.write('etc/docker/daemon.json', 'no JSON');
    const { terraform } = stack('again', sshd.knownHosts('ecdsa'));
    const failed = terraform('apply', '-auto-approve');
    expect(failed.output).toContain('failed daemon: /etc/docker/daemon.json is not JSON');
    expect(failed.status).toBe(1);
    sshd.server.write('etc/docker/daemon.json', '{}');
    const { output } = terraform('apply', '-auto-approve');
    expect(output).toContain('Resources: 5 added, 0 changed, 1 destroyed');
  });
});
