import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, declareHost, type HostSpec, Memory, type PlatformSpec } from '../../../../constructs';
import { readHost } from '../../../../operations/stack/synthesized-host';
import { platform } from '../../../../services.config';
import { type Json, somewhere } from '../../../support/platform/template';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDs1f5e1qXn2YQb1Y3c9ZpKqQ6o1t2b3c4d5e6f7g8h9';
const SHELL = { VPS_HOST: '203.0.113.10', VPS_USER: 'deploy', VPS_KNOWN_HOSTS: `203.0.113.10 ${KEY}` };
const out = mkdtempSync(join(tmpdir(), 'host-'));
afterAll(() => rmSync(out, { recursive: true }));

const withHost = (host: HostSpec | string | undefined): PlatformSpec => {
  const { host: _, ...production } = { ...platform.environments.production, host };
  return {
    ...platform,
    environments: { production: host === undefined ? production : { ...production, host } },
  } as PlatformSpec;
};

function synth(host: HostSpec = {}, shell: Record<string, string> = SHELL): Json {
  const app = new App({ outdir: out });
  const stack = declareHost(app, withHost(host), { environment: 'production', shell });
  app.synth();
  return JSON.parse(readFileSync(join(out, 'stacks', stack!.node.id, 'cdk.tf.json'), 'utf8'));
}

const STEPS = ['time', 'kernel', 'swap', 'firewall', 'daemon', 'docker', 'account', 'swarm', 'updates'];
const scripts = (host: HostSpec) => {
  synth(host);
  return Object.fromEntries(readHost(out)!.steps.map(({ id, script }) => [id, script]));
};
const settings = (script: string | undefined) =>
  /settings" << 'END_OF_FILE'\n([\s\S]*?)END_OF_FILE/.exec(script ?? '')?.[1];

test('the stack is one chain of steps on one server, which must show the known key', () => {
  const json = synth();
  const steps = json.resource.null_resource;
  expect(new Set(Object.keys(steps))).toEqual(new Set(STEPS));
  expect(readHost(out)!.steps.map(({ id }) => id)).toEqual(STEPS);
  STEPS.forEach((id, index) => {
    expect(steps[id].depends_on).toEqual(index === 0 ? [] : [`null_resource.${STEPS[index - 1]}`]);
    // Terraform's own ssh would forward the agent, and upload the script to /tmp.
    expect(steps[id].connection).toBeUndefined();
    const { command, environment } = steps[id].provisioner[0]['local-exec'];
    expect(command).toMatch(
      new RegExp(`^sh -c "\\$HOST_SSH" '${id}' '-a' .*'-l' 'deploy' '-p' '22' '--' '203.0.113.10'`),
    );
    expect(environment).toEqual({
      HOST_SSH: expect.stringContaining('ssh -E'),
      HOST_KNOWN: `203.0.113.10 ${KEY}`,
      HOST_STEP: expect.stringContaining(`run.sh" ${id}`),
    });
  });
  expect(json.terraform.required_providers).toEqual({ null: { source: 'null', version: '3.2.4' } });
  expect(Object.keys(json.provider)).toEqual(['null']);
  expect(json.terraform.backend.local.path).toBe('../../../terraform.host.tfstate');
});

test('no step has anything to do when it is destroyed', () => {
  for (const { provisioner } of Object.values<Json>(synth().resource.null_resource)) {
    expect(provisioner).toEqual([{ 'local-exec': expect.any(Object) }]);
  }
  expect(JSON.stringify(synth())).not.toMatch(/"when"|"destroy"|swarm leave/);
});

test('without a known key no plan is made, and none could connect', () => {
  const { swarm } = synth({}, { ...SHELL, VPS_KNOWN_HOSTS: `other ${KEY}` }).resource.null_resource;
  expect(swarm.provisioner[0]['local-exec'].environment.HOST_KNOWN).toBe('203.0.113.10 ssh-ed25519 unknown');
  const [{ condition, error_message: words }] = swarm.lifecycle.precondition;
  expect(condition).toBe('${local.host_key != ""}');
  expect(words).toContain('The host key of 203.0.113.10 is not known. Connect once by hand');
});

test('a step runs again when its script or the server changes, and only then', () => {
  const triggers = (host: HostSpec, shell = SHELL) =>
    Object.fromEntries(
      Object.entries<Json>(synth(host, shell).resource.null_resource).map(([id, step]) => [
        id,
        step.triggers,
      ]),
    );
  const before = triggers({});
  const swapped = triggers({ swap: Memory.gibibytes(1) });
  expect(STEPS.filter((id) => swapped[id].script !== before[id].script)).toEqual(['swap']);
  const moved = triggers({}, { ...SHELL, VPS_HOST: '203.0.113.11' });
  expect(STEPS.filter((id) => moved[id].server === before[id].server)).toEqual([]);
});

test('a catalogue without an object for its host has no such stack', () => {
  const app = () => new App({ outdir: out });
  const none = (host: string | undefined) =>
    declareHost(app(), withHost(host), { environment: 'production', shell: SHELL });
  expect(none(undefined)).toBeUndefined();
  expect(none('203.0.113.10')).toBeUndefined();
});

describe('what the catalogue says reaches the steps', () => {
  test('by default nothing but the ports, the user, the folder and 2 GiB of swap', () => {
    const all = scripts({});
    expect(Object.fromEntries(STEPS.map((id) => [id, settings(all[id])]))).toEqual({
      time: '',
      kernel: '',
      docker: '',
      swarm: '',
      updates: '',
      daemon: '',
      swap: "export HOST_SWAP_MIB='2048'\n",
      firewall: "export HOST_PORTS='80 443'\n",
      account: "export HOST_USER='deploy'\nexport HOST_FOLDER='/opt/proctorwise'\n",
    });
  });

  test('each word to its step', () => {
    const all = scripts({
      docker: { major: 28 },
      daemon: { 'log-opts': { 'max-size': '50m' }, debug: "it's" },
      restartDocker: 'now',
      advertiseAddress: '203.0.113.10',
      addressPool: '10.20.0.0/16',
      heartbeat: Duration.seconds(30),
      openPorts: [9100, '51820/udp'],
      containersTo: { metadata: { except: [53, '53/udp'] }, hostPorts: 'closed' },
      swap: false,
    });
    expect(settings(all.docker)).toBe("export HOST_DOCKER='28'\n");
    expect(settings(all.daemon)).toBe("export HOST_RESTART_DOCKER='now'\n");
    const daemon = /daemon\.json" << 'END_OF_FILE'\n([\s\S]*?)END_OF_FILE/.exec(all.daemon!)![1]!;
    expect(JSON.parse(daemon)).toMatchObject({
      'log-driver': 'json-file',
      'no-new-privileges': true,
      'log-opts': { 'max-size': '50m' },
      debug: "it's",
    });
    expect(settings(all.swarm)).toBe(
      "export HOST_ADVERTISE='203.0.113.10'\nexport HOST_ADDRESS_POOL='10.20.0.0/16'\nexport HOST_HEARTBEAT='30s'\n",
    );
    expect(settings(all.firewall)).toBe(
      "export HOST_PORTS='80 443 9100'\nexport HOST_UDP_PORTS='51820'\nexport HOST_METADATA='closed 53 53/udp'\nexport HOST_OWN_PORTS='closed'\n",
    );
    expect(settings(all.swap)).toBe("export HOST_SWAP_MIB='0'\n");
  });

  test.each<[HostSpec['daemon'], object | undefined, boolean]>([
    [undefined, { 'max-size': '10m', 'max-file': '3' }, false],
    [{ debug: true }, { 'max-size': '10m', 'max-file': '3' }, false],
    [{ 'log-driver': 'json-file' }, { 'max-size': '10m', 'max-file': '3' }, true],
    [{ 'log-driver': 'journald' }, undefined, true],
    [{ 'log-driver': null }, undefined, true],
    [{ 'log-driver': 'syslog', 'log-opts': { tag: 'x' } }, { tag: 'x' }, true],
  ])('daemon %j has the log options %j', (daemon, options, decides) => {
    const script = scripts({ ...(daemon ? { daemon } : {}) }).daemon!;
    const text = /daemon\.json" << 'END_OF_FILE'\n([\s\S]*?)END_OF_FILE/.exec(script)![1]!;
    expect(JSON.parse(text)['log-opts']).toEqual(options);
    expect(settings(script)).toBe(decides ? "export HOST_LOG_DRIVER='wanted'\n" : '');
  });

  test('what is mended on request', () => {
    const all = scripts({ updateDocker: 'now', rebootAt: '04:00', sshPasswords: false });
    expect(Object.keys(all)).toEqual([...STEPS, 'sshd']);
    expect(settings(all.docker)).toBe("export HOST_UPDATE_DOCKER='now'\n");
    expect(settings(all.updates)).toBe("export HOST_REBOOT_AT='04:00'\n");
  });

  test('a firewall of your own has the step take away what an earlier deploy has loaded', () => {
    expect(settings(scripts({ firewall: false, openPorts: [9100] }).firewall)).toBe(
      "export HOST_FIREWALL='off'\n",
    );
  });

  test.each([
    { hosts: null, containerd: null },
    { 'firewall-backend': 'iptables' },
    { 'firewall-backend': 'nftables', iptables: false },
    { 'firewall-backend': 'nftables', features: { 'swarm-nftables': true } },
    { 'swarm-raft-heartbeat-tick': 5 },
  ])('daemon %j is none of our business', (daemon) => {
    expect(() => synth({ daemon })).not.toThrow();
  });

  test.each<[HostSpec, string]>([
    [{ docker: { major: 28.1 } }, 'host.docker.major is 28.1\n'],
    [{ advertiseAddress: 'eth0' }, 'host.advertiseAddress "eth0" is no address\n'],
    [{ addressPool: '10.20.0.0' }, 'host.addressPool "10.20.0.0" is no range of networks\n'],
    [{ addressPool: '10.20.0.0/24' }, 'is no range of networks\n'],
    [{ heartbeat: Duration.milliseconds(500) }, 'host.heartbeat is 500ms\n'],
    [{ rebootAt: '4 am' }, 'host.rebootAt "4 am" is no time of day\n  write one as 04:00'],
    [{ rebootAt: '24:00' }, 'host.rebootAt "24:00" is no time of day\n'],
    [{ openPorts: [0] }, 'host.openPorts has 0\n'],
    [
      { openPorts: ['0/udp'] },
      "host.openPorts has 0/udp\n  a port is a number from 1 to 65535, of UDP '51820/udp'",
    ],
    [
      { containersTo: { hostPorts: { except: [0] } } },
      "host.containersTo.hostPorts has 0\n  a port is a number from 1 to 65535, of UDP '51820/udp'",
    ],
    [
      { containersTo: { metadata: 'closed' }, firewall: false },
      'host.containersTo needs the firewall, which is false\n',
    ],
    [{ openPorts: ['65536/udp'] }, 'host.openPorts has 65536/udp\n'],
    [{ openPorts: ['1.5/udp'] }, 'host.openPorts has 1.5/udp\n'],
    [{ daemon: { 'live-restore': true } }, 'live-restore, with which there is no Swarm\n'],
    [{ daemon: { hosts: [] } }, "host.daemon has hosts, which Docker's own unit gives"],
    [{ daemon: { containerd: '/run/c.sock' } }, "host.daemon has containerd, which Docker's own unit gives"],
    [
      { daemon: { 'firewall-backend': 'nftables' } },
      "'firewall-backend': 'nftables', with which there is no Swarm",
    ],
    [{ daemon: { 'cluster-store': 'etcd://x' } }, 'cluster-store, with which there is no Swarm'],
    [
      { daemon: { 'swarm-raft-election-tick': 1 } },
      'not more than swarm-raft-heartbeat-tick 1: no manager would start',
    ],
  ])('%j is refused in words', (host, words) => {
    expect(() => synth(host)).toThrow(words);
  });
});

test('the swarm stack neither refers to the host nor waits for it', () => {
  const app = new App({ outdir: out });
  const stack = declareHost(app, withHost({}), { environment: 'production', shell: SHELL });
  expect(stack!.dependencies).toEqual([]);
  expect(JSON.stringify(synth())).not.toContain('terraform_remote_state');
});

test('in a database its state is not in the schema of the platform’s', () => {
  const spec = withHost({});
  const { production } = spec.environments as Record<string, object>;
  const state = { kind: 'pg', schema: 'acme' };
  const environments = { production: { ...production, state }, 'pre-live': { ...production, state } };
  const app = new App({ outdir: out });
  const schemas = Object.keys(environments).map((environment) => {
    const stack = declareHost(app, { ...spec, environments } as unknown as PlatformSpec, {
      environment,
      shell: SHELL,
    })!;
    return stack.toTerraform().terraform.backend.pg.schema_name;
  });
  expect(schemas).toEqual(['acme_host', 'acme_host_pre_live']);
});

test('the stack as Terraform reads it, without the scripts', () => {
  const json = somewhere(synth());
  delete json['//'].metadata;
  for (const step of Object.values<Json>(json.resource.null_resource)) {
    delete step['//'];
    step.provisioner[0]['local-exec'].environment.HOST_SSH = '…';
    step.provisioner[0]['local-exec'].environment.HOST_STEP = '…';
    step.triggers.script = '…';
  }
  expect(json).toMatchSnapshot();
});
