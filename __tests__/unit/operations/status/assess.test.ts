import { assess } from '../../../../operations/status/assess';
import type { Answers } from '../../../../operations/status/gather';
import { render } from '../../../../operations/status/text';
import { COLOURS, NO_COLOURS } from '../../../../operations/terminal/paint';
import { at } from '../rollout/swarm-says';
import { answers, container, WISH } from './answers';

const GIB = 1024 ** 3;
const of = (more: Partial<Answers> = {}) => assess(answers(more), WISH);

test('who shares the address of the bridge is told, and decides nothing', () => {
  const status = assess(answers({ sixth: 'a.example has the IPv6 address 2001:db8::1' }), WISH);
  expect(status.ok).toBe(true);
  expect(status.warnings).toEqual(['a.example has the IPv6 address 2001:db8::1: docs/routes.md, "IPv6"']);
});

test('is well, without a warning, when everything is', () => {
  expect(of()).toMatchObject({ version: 1, ok: true, warnings: [], host: 'ssh://deploy@vps', stack: 'shop' });
});

test('keeps the shape that readers of --json rely on', () => {
  const keys = (value: object) => Object.keys(value).sort();
  const status = of();
  expect(keys(status)).toEqual([
    'at',
    'backup',
    'certificate',
    'docker',
    'host',
    'jobs',
    'missing',
    'nodes',
    'ok',
    'refused',
    'server',
    'services',
    'stack',
    'version',
    'warnings',
  ]);
  expect(keys(status.services[0]!)).toEqual([
    'desired',
    'health',
    'image',
    'name',
    'ok',
    'problem',
    'restarts',
    'rollout',
    'running',
    'since',
    'upToDate',
  ]);
  const { usage: _usage, figures: _figures, ...bare } = answers();
  const poor = assess({ ...bare, certificate: { error: 'ECONNREFUSED' } }, WISH);
  expect(keys(poor)).toEqual(keys(status));
  expect(keys(poor.certificate)).toEqual(keys(status.certificate));
  expect(poor).toMatchObject({ server: null, docker: null, certificate: { daysLeft: null } });
  expect(JSON.parse(JSON.stringify(status))).toEqual(status);
});

test('is not well without a service that was deployed, and is without one that was not yet', () => {
  const problem = 'is in the catalogue and not on the server';
  const missing = of({ absent: { missing: [{ name: 'edge', problem }], ahead: [] } });
  expect(missing).toMatchObject({ ok: false, missing: [{ name: 'edge', problem }], warnings: [] });
  const text = render(missing, NO_COLOURS);
  expect(text).toMatch(/: 1 of 2 services not well\n/);
  expect(text).toContain(`\n  edge: ${problem}\n`);
  expect(of({ absent: { missing: [], ahead: ['edge', 'api'] } })).toMatchObject({
    ok: true,
    missing: [],
    warnings: ['in the catalogue and not deployed yet: edge, api'],
  });
});

test('a database that runs where its data is not makes the platform unwell', () => {
  const { tasks } = answers();
  const here = tasks[0]!.NodeID!;
  const marker = (node: string) =>
    new Map([['shop_web', { configId: 'c', node, hostname: 'old', since: '2026' }]]);
  expect(of({ markers: marker(here) })).toMatchObject({ ok: true, warnings: [] });
  const moved = of({ markers: marker('gone') });
  expect(moved).toMatchObject({
    ok: false,
    services: [{ ok: false, problem: 'it runs where its data is not' }],
  });
  expect(moved.warnings[0]).toMatch(/^shop_web runs on .*, and its data has been on old since 2026/);
});

test('reads the health of tasks from their containers', () => {
  const sick = [container('t1', 'Up 1 second (healthy)'), container('t2', 'Up 9 seconds (unhealthy)')];
  expect(of({ containers: sick }).services[0]).toMatchObject({ running: 1, health: 'degraded' });
  const unchecked = [container('t1', 'Up 1 second'), container('t2', 'Up 9 seconds')];
  expect(of({ containers: unchecked }).services[0]).toMatchObject({ running: 2, health: 'running' });
});

test('gives each service its own tasks', () => {
  const { services, tasks } = answers();
  const second = { ...services[0]!, ID: 's2', Spec: { ...services[0]!.Spec, Name: 'shop_api' } };
  const status = of({ services: [...services, second], tasks });
  expect(status.services.map(({ name, running }) => [name, running])).toEqual([
    ['api', 0],
    ['web', 2],
  ]);
  expect(status.ok).toBe(false);
});

test('adds up what the tasks of a node reserve', () => {
  expect(of().nodes).toEqual([
    expect.objectContaining({
      name: 'vps',
      leader: true,
      tasks: 2,
      reserved: { cpus: 0.5, memoryBytes: GIB / 2 },
    }),
  ]);
});

test('counts no task on a node that is down, where it runs by its last word and Swarm has another in its place', () => {
  const { nodes, tasks } = answers();
  const gone = { ...nodes[0]!, ID: 'node2', Status: { State: 'down' } };
  const lost = { ...tasks[0]!, ID: 't0', NodeID: 'node2', DesiredState: 'shutdown' };
  const status = of({ nodes: [...nodes, gone], tasks: [...tasks, lost] });
  expect(status.nodes.map(({ state, tasks, reserved }) => [state, tasks, reserved.cpus])).toEqual([
    ['ready', 2, 0.5],
    ['down', 0, 0],
  ]);
});

test('calls unused only what pruning frees for sure, and skips sizes that Docker does not know', () => {
  expect(of().docker).toEqual({
    images: { count: 3, bytes: 3 * GIB, unusedBytes: GIB },
    containers: { count: 2, bytes: 1024 },
    volumes: { count: 2, bytes: 5 * GIB },
    stackVolumes: { shop_data: 5 * GIB },
    buildCacheBytes: 0,
  });
});

describe('warns', () => {
  const expiring = (seconds: number) => {
    const { certificate } = answers();
    return of({ certificate: { ...certificate, validTo: new Date(at(seconds)).toISOString() } as never });
  };

  test('below 21 days of the certificate, from the manager’s clock', () => {
    expect(expiring(21 * 86_400).warnings).toEqual([]);
    expect(expiring(21 * 86_400 - 1).warnings).toEqual([expect.stringMatching(/ends in 20 days/)]);
    expect(expiring(-1)).toMatchObject({
      certificate: { daysLeft: -1 },
      warnings: [expect.stringMatching(/expired on 2026-01-02/)],
    });
  });

  test('of a six-day certificate only when its renewal is late', () => {
    const { certificate } = answers();
    const sixDays = (left: number) => {
      const validFrom = new Date(at(left - 6 * 86_400)).toISOString();
      const validTo = new Date(at(left)).toISOString();
      return of({ certificate: { ...certificate, validFrom, validTo } as never });
    };
    expect(sixDays(2 * 86_400).warnings).toEqual([]);
    expect(sixDays(30 * 3600).warnings).toEqual([expect.stringMatching(/ends in 30 hours: renew it/)]);
  });

  test('of the fallback in place of Let’s Encrypt’s certificate, which is not painted as well', () => {
    const { certificate } = answers();
    const fallback = { ...certificate, selfSigned: true, untrusted: 'DEPTH_ZERO_SELF_SIGNED_CERT' } as never;
    const promising = (acme: boolean) =>
      assess(answers({ certificate: fallback }), { ...WISH, promised: { acme, trusted: acme } });
    expect(promising(true)).toMatchObject({
      ok: true,
      certificate: { doubt: 'fallback' },
      warnings: [expect.stringMatching(/^the certificate at shop\.example:443 is the fallback: /)],
    });
    expect(render(promising(true), COLOURS)).toContain(COLOURS.warn('60 days left'));
    expect(promising(false)).toMatchObject({ certificate: { doubt: null }, warnings: [] });
    expect(render(promising(false), COLOURS)).toContain(COLOURS.good('60 days left'));
  });

  test('of the age of a certificate that is not trusted here, too', () => {
    const { certificate } = answers();
    const validTo = new Date(at(5 * 86_400)).toISOString();
    const own = { ...certificate, untrusted: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', validTo } as never;
    const wish = { ...WISH, promised: { acme: false, trusted: true } };
    expect(assess(answers({ certificate: own }), wish).warnings).toEqual([
      expect.stringMatching(/is not trusted here \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\): /),
      expect.stringMatching(/ends in 5 days: renew it$/),
    ]);
  });

  test('of a node that is down or takes no tasks', () => {
    const [node] = answers().nodes;
    const down = { ...node!, Status: { State: 'down' } };
    const drained = { ...node!, Spec: { Role: 'manager', Availability: 'drain' } };
    expect(of({ nodes: [down, drained] }).warnings).toEqual([
      expect.stringMatching(/is down/),
      'node vps takes no tasks (drain): docker node update --availability active vps',
    ]);
  });

  test('of load, memory and disk', () => {
    const figures = {
      load: [1, 4.1, 1] as const,
      memory: { totalBytes: 100, availableBytes: 9 },
      disk: { path: '/data', totalBytes: 100, freeBytes: 14 },
    };
    expect(of({ figures }).warnings).toEqual([
      'load 4.1 over 5 minutes is more than 4 CPUs do',
      '9 % of the memory is available',
      expect.stringMatching(/^14 % of the disk at \/data is free: \.\/proctor prune/),
    ]);
  });
});

test('stays well with warnings: they are not the services’', () => {
  expect(of({ certificate: { error: 'connect ECONNREFUSED' } })).toMatchObject({
    ok: true,
    warnings: ['no certificate could be seen at shop.example:443: connect ECONNREFUSED'],
  });
});

test('what is not in the catalogue is a warning, and changes nothing of how well it is', () => {
  const strangers = [{ type: 'docker_volume' as const, id: 'shop_old', name: 'shop_old' }];
  expect(of({ strangers })).toMatchObject({
    ok: true,
    warnings: ['not in the catalogue, left alone: volume shop_old'],
  });
});
