import { Gatherer } from '../../../../operations/status/gather';
import type { StatusOptions } from '../../../../operations/status/options';
import { type FakeDaemon, fakeDaemon } from '../docker/fake-daemon';
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
