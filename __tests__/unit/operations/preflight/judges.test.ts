import { gatherCapacity, judgeCapacity } from '../../../../operations/preflight/capacity';
import { judgeClock } from '../../../../operations/preflight/clock';
import type { EngineInfo } from '../../../../operations/preflight/context';
import { judgeDaemon, judgeSecurity } from '../../../../operations/preflight/daemon';
import { gatherExposure, judgeExposure } from '../../../../operations/preflight/exposure';
import { judgePorts, parseSockets } from '../../../../operations/preflight/ports';
import { loginOf } from '../../../../operations/preflight/registries/ask-registries';
import { judgeImages } from '../../../../operations/preflight/registries/images';
import { judgeVariables } from '../../../../operations/stack/variables';
import type { Finding } from '../../../../operations/terminal/finding';
import { declared } from '../deploy/stack';

const info: EngineInfo = {
  skew: 0,
  store: {},
  pool: { pools: [], bits: 24 },
  version: '26.1.5',
  manager: true,
  swarm: 'active',
  swarmError: '',
};
const levels = (findings: readonly Finding[]) => findings.map(({ level }) => level);

describe('engine', () => {
  test.each([
    ['20.10.24+dfsg1', 'ok'],
    ['19.03.15', 'failure'],
    ['20.9.0', 'failure'],
    ['26.1.5', 'ok'],
  ])('%s is %s', (version, level) => {
    expect(judgeDaemon({ ...info, version }, 'h')[0]?.level).toBe(level);
  });

  test('a worker and a lone engine are told apart', () => {
    const worker = judgeDaemon({ ...info, manager: false }, 'h')[1];
    const alone = judgeDaemon({ ...info, manager: false, swarm: 'inactive' }, 'h')[1];
    expect(worker).toMatchObject({ level: 'failure', fix: expect.stringMatching(/promote/) });
    expect(alone).toMatchObject({ level: 'failure', fix: expect.stringMatching(/swarm init/) });
  });

  // Docker 20.10 said so after the address that `swarm init --listen-addr` was given had gone.
  const RECORDED =
    'manager stopped: failed to listen on remote API address: listen tcp 10.99.0.2:2377: bind: cannot assign requested address';

  test.each([
    ['error', RECORDED, `the Swarm does not start: ${RECORDED}`],
    ['locked', '', 'the Swarm is locked'],
    ['pending', '', 'the node is still joining a Swarm'],
  ])(
    'a Swarm that is in state %s is told with its cause, and nobody is sent to make a new one',
    (swarm, swarmError, text) => {
      const [, found] = judgeDaemon({ ...info, manager: false, swarm, swarmError }, 'h');
      expect(found).toMatchObject({ level: 'failure', text });
      expect(found?.fix).not.toMatch(/swarm (init|leave)/);
    },
  );
});

describe('security', () => {
  const ALL = ['name=apparmor', 'name=seccomp,profile=builtin', 'name=cgroupns', 'name=no-new-privileges'];
  const without = (...names: string[]) =>
    ALL.filter((option) => !names.some((name) => option.startsWith(`name=${name}`)));

  test.each<[string, string[], RegExp[]]>([
    ['26.1.5', ALL, []],
    ['26.1.5', without('no-new'), [/^a program of a task may become root/]],
    // It does not say.
    ['20.10.24', without('no-new'), []],
    ['26.1.5', without('seccomp'), [/no seccomp/]],
    ['26.1.5', [...without('seccomp'), 'name=seccomp,profile=unconfined'], [/no seccomp/]],
    ['26.1.5', without('apparmor'), [/AppArmor/]],
    ['26.1.5', [...without('apparmor'), 'name=selinux'], []],
    ['26.1.5', ['name=cgroupns'], [/may become root/, /no seccomp/, /AppArmor/]],
  ])('Docker %s with %j', (version, securityOptions, words) => {
    const found = judgeSecurity({ ...info, version, securityOptions });
    expect(levels(found)).toEqual(words.length > 0 ? words.map(() => 'warning') : ['ok']);
    for (const [index, one] of words.entries()) expect(found[index]!.text).toMatch(one);
  });

  test('says what is known, and no more', () => {
    const said = (version: string, securityOptions: string[]) =>
      judgeSecurity({ ...info, version, securityOptions }).map(({ text }) => text);
    expect(said('26.1.5', ALL)).toEqual(['tasks get no new privileges, and are confined']);
    expect(said('20.10.24', without('no-new'))).toEqual([
      'tasks are confined; whether they get no new privileges, Docker 20.10.24 does not tell: look for "no-new-privileges" in its /etc/docker/daemon.json',
    ]);
  });

  test('is no matter where the engine says nothing', () => {
    expect(judgeSecurity(info)).toEqual([]);
  });
});

describe('exposure', () => {
  test('a port of the Swarm that answers is a warning with what to do', () => {
    expect(judgeExposure([2377, 7946])).toEqual([
      {
        check: 'exposure',
        level: 'warning',
        text: '2377/tcp and 7946/tcp of the Swarm answer here, and so maybe everybody; 7946/udp and 4789/udp, which cannot be tried, are then likely open, too',
        fix: expect.stringContaining('host: {} in services.config.ts has a firewall'),
      },
    ]);
    expect(judgeExposure([7946])[0]?.text).toMatch(/^7946\/tcp of the Swarm answers here/);
    expect(levels(judgeExposure([]))).toEqual(['ok']);
    expect(judgeExposure('no outside')).toEqual([]);
    expect(judgeExposure({ nameOfSsh: 'gw' })).toMatchObject([
      { level: 'ok', text: expect.stringMatching(/^not tried: gw is a name that only ssh knows/) },
    ]);
  });

  test.each([
    ['unix:///var/run/docker.sock', 'no outside'],
    ['ssh://deploy@127.0.0.1:22', 'no outside'],
    ['ssh://deploy@no-such-name.invalid', { nameOfSsh: 'no-such-name.invalid' }],
  ])('nothing is tried at %s', async (host, why) => {
    expect(await gatherExposure(host)).toEqual(why);
  });
});

test.each([
  [4_000, 'ok'],
  [-6_000, 'warning'],
  [6_000, 'warning'],
  [-301_000, 'failure'],
])('a clock %i ms off is %s', (skew, level) => {
  expect(levels(judgeClock({ ...info, skew }))).toEqual([level]);
});

describe('variables', () => {
  const needs = {
    requiredVariables: ['db_password', 'smtp_host', 'smtp_port'],
    usesVariables: ['db_password'],
  };

  test('every missing one is named, those in files are not missing, no value is shown', () => {
    const shell = { TF_VAR_db_password: 'geheim', TF_VAR_smtphost: 'x' };
    const found = judgeVariables(needs, shell, new Set(['smtp_port']));
    expect(found.map(({ text }) => text)).toEqual(['TF_VAR_smtp_host is missing']);
    expect(found[0]?.fix).toMatch(/TF_VAR_smtphost/);
    expect(JSON.stringify(judgeVariables(needs, shell, new Set()))).not.toMatch(/geheim/);
  });

  test('an empty one fails', () => {
    const shell = { TF_VAR_db_password: '', TF_VAR_smtp_host: 'x', TF_VAR_smtp_port: '1' };
    expect(judgeVariables(needs, shell, new Set())).toMatchObject([
      { level: 'failure', text: 'TF_VAR_db_password is empty' },
    ]);
  });
});

describe('capacity', () => {
  const none = { cpus: 0, memory: 0 };
  const node = { name: 'vm', cpus: 1e9, memory: 8 * 2 ** 20, others: none, takes: () => true };
  const two = (more = {}) => declared('web', { nanoCpus: 4e8, memoryBytes: 2 ** 20, ...more });

  test('two tasks and one more while they roll must fit', () => {
    const facts = { nodes: [node], others: none };
    expect(judgeCapacity(facts, { services: [two({ startFirst: false })] })).toMatchObject([
      { level: 'ok', text: '0.2 CPU and 6 MiB stay free of reservations' },
    ]);
    expect(judgeCapacity(facts, { services: [two()] })).toMatchObject([
      {
        level: 'failure',
        text: expect.stringMatching(/CPU: 1\.2 CPU are reserved.*0\.4 CPU more while web roll/),
      },
    ]);
  });

  test('what others reserve counts, and only the largest wave rolls at a time', () => {
    const services = [
      declared('a', { nanoCpus: 2e8, replicas: 1, wave: 1 }),
      declared('b', { nanoCpus: 2e8, replicas: 1, wave: 2 }),
    ];
    const others = (cpus: number) => ({ nodes: [node], others: { cpus, memory: 0 } });
    expect(levels(judgeCapacity(others(4e8), { services }))).toEqual(['ok']);
    expect(levels(judgeCapacity(others(5e8), { services }))).toEqual(['failure']);
    const together = services.map((service) => ({ ...service, wave: 0 }));
    expect(levels(judgeCapacity(others(4e8), { services: together }))).toEqual(['failure']);
  });

  test('the room of several nodes is not one room', () => {
    const cpus = (...sizes: number[]) => ({
      nodes: sizes.map((size, index) => ({ ...node, name: `n${index}`, cpus: size * 1e9, memory: 2 ** 30 })),
      others: none,
    });
    const of = (size: number, replicas: number) =>
      declared('web', { nanoCpus: size * 1e9, memoryBytes: 2 ** 20, replicas, startFirst: false });
    expect(judgeCapacity(cpus(2, 2), { services: [of(3, 1)] })).toMatchObject([
      {
        level: 'failure',
        text: expect.stringMatching(/^a task of web reserves 3 CPU and 1 MiB, which no node has/),
      },
    ]);
    expect(judgeCapacity(cpus(2, 2), { services: [of(1.2, 3)] })).toMatchObject([
      {
        level: 'warning',
        text: expect.stringMatching(/one of web, with 1\.2 CPU and 1 MiB, may stay Pending/),
      },
    ]);
    expect(levels(judgeCapacity(cpus(2, 2), { services: [of(1.2, 2)] }))).toEqual(['ok']);
    // The small ones leave the room that the large one needs.
    const mixed = [of(1, 2), { ...of(2, 1), id: 'large' }];
    expect(levels(judgeCapacity(cpus(2, 2), { services: mixed }))).toEqual(['ok']);
  });

  describe('of a small manager and a large worker', () => {
    const swarmNode = (ID: string, Role: string, cpus: number) => ({
      ID,
      Spec: { Role, Availability: 'active' },
      Description: { Hostname: ID, Resources: { NanoCPUs: cpus * 1e9, MemoryBytes: 2 ** 30 } },
      Status: { State: 'ready' },
    });
    const nodes = [swarmNode('small', 'manager', 1), swarmNode('large', 'worker', 4)];
    const other = {
      ID: 'o',
      Spec: {
        Name: 'other_x',
        Labels: { 'com.docker.stack.namespace': 'other' },
        Mode: { Replicated: { Replicas: 2 } },
        TaskTemplate: { Resources: { Reservations: { NanoCPUs: 1e9 } } },
      },
    };
    const of = (cpus: number, constraints: string[] = []) =>
      declared('web', { nanoCpus: cpus * 1e9, replicas: 1, startFirst: false, constraints });
    const task = (NodeID: string, DesiredState = 'running') => ({ ServiceID: 'o', NodeID, DesiredState });
    const judge = async (service: ReturnType<typeof of>, tasks: object[] = []) => {
      const docker = { tasks: async () => tasks as never };
      const services = (tasks.length > 0 ? [other] : []) as never;
      return judgeCapacity(await gatherCapacity(docker, nodes, services, 'shop'), { services: [service] });
    };

    test('a task that may be on the small one alone has no room on the large one', async () => {
      expect(levels(await judge(of(2)))).toEqual(['ok']);
      expect(await judge(of(2, ['node.role==manager']))).toMatchObject([
        {
          level: 'failure',
          text: 'a task of web reserves 2 CPU and 1 MiB, which no node has for it (small 1 CPU and 1024 MiB, large 4 CPU and 1024 MiB; it may only be where node.role==manager): it would stay Pending',
        },
      ]);
    });

    test('what others reserve is on the node where their tasks are', async () => {
      const twoOnLarge = [task('large'), task('large'), task('large', 'shutdown')];
      expect(levels(await judge(of(2), twoOnLarge))).toEqual(['ok']);
      expect(await judge(of(2.5), twoOnLarge)).toMatchObject([
        {
          level: 'warning',
          text: expect.stringMatching(
            /large 4 CPU and 1024 MiB, of which others reserve 2 CPU.*one of web, with 2\.5 CPU/,
          ),
        },
      ]);
    });

    test('a constraint that no node fulfils yet is for the check of places to tell', async () => {
      expect(levels(await judge(of(2, ['node.labels.x==y'])))).toEqual(['ok']);
    });
  });

  test('no node that takes tasks is a failure of its own', () => {
    expect(judgeCapacity({ nodes: [], others: none }, { services: [] })).toMatchObject([
      { level: 'failure', fix: expect.stringMatching(/availability active/) },
    ]);
  });
});

describe('ports', () => {
  const services = [declared('door', { ports: [{ published: 443, target: 443, protocol: 'tcp' }] })];
  const stack = { services, namespace: 'shop' };
  const taken = (more: object) => [{ published: 443, protocol: 'tcp', holder: 'container apache', ...more }];

  test('ours are no obstacle, those of others are, with their names', () => {
    expect(levels(judgePorts(taken({ service: 'shop_door' }), stack, []))).toEqual(['ok']);
    expect(judgePorts(taken({}), stack, [])).toMatchObject([
      { level: 'failure', text: 'port 443/tcp, which door publishes, is held by container apache' },
    ]);
    expect(levels(judgePorts(taken({ service: 'other_door' }), stack, []))).toEqual(['failure']);
  });

  test('what a service of this stack has that the catalogue lacks is for the plan to say', () => {
    const edge = { holder: 'service shop_edge', service: 'shop_edge', namespace: 'shop' };
    expect(judgePorts(taken(edge), stack, [])).toMatchObject([
      {
        level: 'ok',
        text: '443 free or already ours, or held by shop_edge, of which the plan says whether it goes',
      },
    ]);
    expect(levels(judgePorts(taken({ ...edge, namespace: 'other' }), stack, []))).toEqual(['failure']);
    // One of ours does not hide who else has it.
    const both = [...taken(edge), ...taken({})];
    expect(levels(judgePorts(both, stack, []))).toEqual(['failure']);
  });

  test('a program of the server that Docker knows nothing of is told, Docker’s own listening is not', () => {
    const apache = [{ port: 443, protocol: 'tcp' }];
    expect(judgePorts([], { services, namespace: 'shop' }, apache)).toMatchObject([
      {
        level: 'failure',
        text: 'port 443/tcp, which door publishes, is held by a program of the server itself',
        fix: expect.stringContaining("ss -ltnp 'sport = :443'"),
      },
    ]);
    const ours = taken({ service: 'shop_door', namespace: 'shop' });
    expect(levels(judgePorts(ours, { services, namespace: 'shop' }, apache))).toEqual(['ok']);
    const other = [
      { port: 443, protocol: 'udp' },
      { port: 8443, protocol: 'tcp' },
    ];
    expect(levels(judgePorts([], { services, namespace: 'shop' }, other))).toEqual(['ok']);
  });

  test('where the server could not be asked, no port is called free that Docker alone does not know of', () => {
    expect(judgePorts([], stack, undefined)).toMatchObject([
      {
        level: 'ok',
        text: '443 free or already ours, as far as Docker knows: whether a program of the server itself has one could not be seen',
      },
    ]);
    expect(judgePorts([], stack, [])).toMatchObject([{ text: '443 free or already ours' }]);
  });

  test('the kernel’s table says which ports are listened on', () => {
    const head =
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
    const rest = '00000000:00000000 00:00000000 00000000     0        0 1127 1 0000000097180cda 100 0 0 10 0';
    const tcp = [
      head,
      `   0: 00000000:0050 00000000:0000 0A ${rest}`,
      `   1: 0100007F:A551 0100007F:0050 01 ${rest}`,
      `   2: 00000000000000000000000000000000:01BB 00000000000000000000000000000000:0000 0A ${rest}`,
    ];
    expect(parseSockets(tcp.join('\n'), 'tcp').map(({ port }) => port)).toEqual([80, 443]);
    expect(parseSockets(`${head}\n   0: 00000000:0035 00000000:0000 07 ${rest}`, 'udp')).toEqual([
      { port: 53, protocol: 'udp' },
    ]);
    expect(parseSockets('', 'tcp')).toEqual([]);
  });

  test('the same number of another protocol is free', () => {
    expect(levels(judgePorts(taken({ protocol: 'udp' }), stack, []))).toEqual(['ok']);
  });
});

describe('images', () => {
  const image = {
    image: 'ghcr.io/o/app:v9',
    services: ['web', 'api'],
    constraints: [[], []],
    running: false,
    withLogin: false,
    platforms: [],
  };
  const asked = (error: string, more: object = {}) =>
    judgeImages({ asked: [{ ...image, error, ...more }], nodes: [] })[0];

  // What Docker 20.10 answered, with the registry's name in it.
  test.each([
    ['manifest unknown', /^ghcr\.io does not have ghcr\.io\/o\/app:v9, for web, api$/, /images lock/],
    ['name unknown', /does not have/, /images lock/],
    [
      'Head "https://ghcr.io/v2/o/app/manifests/v9": no basic auth credentials',
      /refuses .* without a login/,
      /TF_VAR_registry_username/,
    ],
    ['denied', /refuses .* without a login/, /TF_VAR_registry_username/],
    [
      'toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit',
      /has been asked too often, and refuses ghcr\.io\/o\/app:v9 for now/,
      /wait|login/,
    ],
    [
      'Get "https://ghcr.io/v2/": dial tcp: lookup ghcr.io on 127.0.0.53:53: no such host',
      /the server cannot look up ghcr\.io/,
      /name servers/,
    ],
    [
      'Get "https://ghcr.io/v2/": x509: cannot validate certificate for 10.255.255.1',
      /does not trust ghcr\.io/,
      /certs\.d\/ghcr\.io\/ca\.crt/,
    ],
    ['received unexpected HTTP status: 503 Service Unavailable', /does not answer/, /registry/],
    [
      'Get "https://ghcr.io/v2/": dial tcp 127.0.0.1:1: connect: connection refused',
      /does not answer/,
      /registry/,
    ],
  ])('"%s" is told with what to do', (error, text, fix) => {
    expect(asked(error)).toMatchObject({
      level: 'failure',
      text: expect.stringMatching(text),
      fix: expect.stringMatching(fix),
    });
  });

  test('one that the node has already is a warning, whatever its registry says', () => {
    for (const more of [{ error: 'manifest unknown' }, { silentSeconds: 15 }]) {
      expect(judgeImages({ asked: [{ ...image, ...more, heldBy: 'vps' }], nodes: [] })).toMatchObject([
        {
          level: 'warning',
          text: expect.stringMatching(
            /\(the node vps has it for web, api, so this deploy need not pull it\)$/,
          ),
        },
      ]);
    }
  });

  test('a processor that no node has is told before a task waits for one', () => {
    const built = (platforms: `${string}/${string}`[], ...nodes: `${string}/${string}`[]) =>
      judgeImages({
        asked: [{ ...image, platforms }],
        nodes: nodes.map((platform, index) => ({ name: `n${index}`, platform, takes: () => true })),
      });
    expect(built(['linux/amd64'], 'linux/arm64')).toMatchObject([
      {
        level: 'failure',
        text: 'ghcr.io/o/app:v9 is built for linux/amd64, the node n0 is linux/arm64, for web, api',
        fix: expect.stringMatching(/--platform linux\/amd64,linux\/arm64 --push/),
      },
    ]);
    for (const fits of [
      built(['linux/amd64', 'linux/arm64'], 'linux/arm64'),
      built(['linux/amd64'], 'linux/arm64', 'linux/amd64'),
      built([], 'linux/arm64'),
      built(['linux/amd64']),
    ]) {
      expect(fits).toMatchObject([{ level: 'ok' }]);
    }
  });

  test('a processor that only a node has where the task may not be is none', () => {
    const manager = ['node.role==manager'];
    const nodes = [
      { name: 'small', platform: 'linux/arm64' as const, takes: () => true },
      {
        name: 'large',
        platform: 'linux/amd64' as const,
        takes: (words: readonly string[]) => words.length === 0,
      },
    ];
    const judged = (constraints: string[][], of = nodes) =>
      judgeImages({ asked: [{ ...image, platforms: ['linux/amd64'], constraints }], nodes: of });
    expect(judged([[], manager])).toMatchObject([
      {
        level: 'failure',
        text: 'ghcr.io/o/app:v9 is built for linux/amd64, the node small where api may be is linux/arm64, for web, api',
      },
    ]);
    expect(judged([[], []])).toMatchObject([{ level: 'ok' }]);
    // On no node yet: its label is set by this deploy.
    const none = nodes.map((node) => ({ ...node, takes: () => false }));
    expect(judged([[], manager], none)).toMatchObject([{ level: 'ok' }]);
  });

  test('a login that is refused is called expired, not missing', () => {
    expect(asked('denied: denied', { withLogin: true })?.fix).toMatch(/renew the token/);
  });

  test('an image that runs already is only a warning: nothing is pulled', () => {
    expect(asked('manifest unknown', { running: true })).toMatchObject({ level: 'warning' });
  });

  test('the login is the one that the provider finds: by what stands before the first slash, to the letter', () => {
    const hub = (address: string) => [{ address, username: 'u', password: 'p' }];
    const shell = { TF_VAR_u: 'ana', TF_VAR_p: 'geheim' };
    const found = (image: string, address = 'docker.io') => loginOf(image, hub(address), shell) !== undefined;
    expect(found('docker.io/acme/x:1')).toBe(true);
    expect(found('docker.io/acme/x:1', 'https://docker.io/v1/')).toBe(true);
    expect(found('acme/x:1')).toBe(false);
    expect(found('nginx:1.30')).toBe(false);
    expect(found('docker.io/acme/x:1', 'index.docker.io')).toBe(false);
    expect(found('registry.test:5000/x', 'http://registry.test:5000')).toBe(true);
  });

  test('the login goes to its own registry alone', () => {
    const registries = [{ address: 'ghcr.io', username: 'u', password: 'p' }];
    const shell = { TF_VAR_u: 'ana', TF_VAR_p: 'geheim' };
    expect(loginOf('ghcr.io/o/app:v1', registries, shell)).toMatchObject({
      username: 'ana',
      password: 'geheim',
    });
    expect(loginOf('nginx:1.30', registries, shell)).toBeUndefined();
    expect(loginOf('ghcr.io.evil.test/o/app:v1', registries, shell)).toBeUndefined();
    expect(loginOf('ghcr.io/o/app:v1', registries, { TF_VAR_u: 'ana', TF_VAR_p: '' })).toBeUndefined();
  });
});
