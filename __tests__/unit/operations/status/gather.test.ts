import { toData } from '../../../../operations/records/document';
import { Gatherer } from '../../../../operations/status/gather';
import type { StatusOptions } from '../../../../operations/status/options';
import { type FakeDaemon, fakeDaemon } from '../docker/fake-daemon';
import { releaseWith } from '../records/releases';
import { answers } from './answers';

const { services, tasks, info, containers, nodes, usage } = answers();
const [web] = services;
const job = {
  ...web!,
  ID: 'job',
  Spec: {
    ...web!.Spec,
    Name: 'shop_tidy',
    TaskTemplate: {
      ContainerSpec: { Image: 'x', Args: ['--', '/bin/sh', '/job', 'NAME=tidy', '--', 'tidy'] },
    },
  },
};

let daemon: FakeDaemon;
let routes: Record<string, unknown>;
beforeEach(async () => {
  routes = {
    '/info': info,
    '/services': services,
    '/tasks': tasks,
    '/containers/json': containers,
    '/nodes': nodes,
    '/system/df': usage,
    '/volumes': { Volumes: [] },
  };
  daemon = await fakeDaemon((request, _body, response) => {
    response.end(JSON.stringify(routes[(request.url ?? '').split('?')[0]!] ?? []));
  });
});
afterEach(() => daemon.stop());

/** Asks nothing but the daemon: its name is no other machine's, and nobody answers with TLS. */
const gathererOf = (wish: Partial<StatusOptions> = {}) =>
  new Gatherer({
    target: { host: daemon.host, sshOptions: [], publicHost: '127.0.0.1' },
    stack: 'shop',
    https: { host: '127.0.0.1', port: 1 },
    declared: undefined,
    ...wish,
  });

test('looks twice within a minute, and reads the logs of jobs once', async () => {
  routes['/services'] = [job];
  routes['/tasks'] = tasks.slice(0, 1).map((task) => ({ ...task, ServiceID: 'job' }));
  const gatherer = gathererOf();
  try {
    expect((await gatherer.look()).jobs).toMatchObject([{ name: 'tidy' }]);
    expect((await gatherer.look()).jobs).toMatchObject([{ name: 'tidy' }]);
    expect(daemon.requests.filter((request) => /\/tasks\/\w+\/logs/.test(request))).toHaveLength(1);
    expect(daemon.requests.filter((request) => /^GET \/nodes/.test(request))).toHaveLength(2);
  } finally {
    gatherer.close();
  }
});

describe('a service of the catalogue that is not there', () => {
  const declared = {
    namespace: 'shop',
    services: ['web', 'edge'].map((id) => ({ id, name: `shop_${id}` })),
    names: ['shop_web', 'shop_edge'],
    ids: [],
  };
  const absentOf = async (wish: Partial<StatusOptions>) => {
    const gatherer = gathererOf(wish);
    try {
      return (await gatherer.look()).absent;
    } finally {
      gatherer.close();
    }
  };

  test('is told with what the releases say of it', async () => {
    const release = releaseWith({ number: 41, images: { web: 'w', edge: 'e' } });
    routes['/configs'] = [{ ID: 'c', Spec: { Name: 'shop.release.41', Data: toData(release) } }];
    expect(await absentOf({ declared })).toEqual({
      missing: [{ name: 'edge', problem: expect.stringMatching(/^is in the catalogue and .* release 41: /) }],
      ahead: [],
    });
  });

  test('is not looked for where nobody knows what is declared, and no record is read where none is missing', async () => {
    expect(await absentOf({ declared: undefined })).toBeUndefined();
    routes['/services'] = [web, { ...web!, ID: 's2', Spec: { ...web!.Spec, Name: 'shop_edge' } }];
    expect(await absentOf({ declared })).toEqual({ missing: [], ahead: [] });
    expect(daemon.requests.filter((request) => request.includes('proctor.release'))).toEqual([]);
  });
});
