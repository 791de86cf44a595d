import { restore } from '../../../../operations/deploy/put-back';
import { DockerClient } from '../../../../operations/docker/client';
import { ConnectionError } from '../../../../operations/docker/explain';
import { standings } from '../../../../operations/docker/standing';
import { SwarmClient } from '../../../../operations/docker/swarm-client';
import { findContainer } from '../../../../operations/provision/task';
import { clearTheWay } from '../../../../operations/secrets/clear-the-way';
import { removeUnused } from '../../../../operations/secrets/leftovers';
import { readExisting } from '../../../../operations/stack/existing';
import { spec } from '../rollout/swarm-says';
import { type FakeDaemon, fakeDaemon } from './fake-daemon';

/** A daemon that takes every request and answers those alone that a test names. */
let daemon: FakeDaemon;
let answers: Record<string, unknown>;
let upgraded: number;

const pause = (ms: number) => new Promise((resolve) => realSetTimeout(resolve, ms));
const realSetTimeout = setTimeout;

beforeEach(async () => {
  [answers, upgraded] = [{}, 0];
  daemon = await fakeDaemon(
    (request, _body, response) => {
      const answer = answers[`${request.method} ${(request.url ?? '').split('?')[0]}`];
      if (answer !== undefined) response.end(JSON.stringify(answer));
    },
    (_request, socket) => {
      upgraded += 1;
      socket.on('end', () => socket.end()).resume();
    },
  );
  const others = ['nextTick', 'setImmediate', 'queueMicrotask', 'performance', 'hrtime', 'Date'] as const;
  jest.useFakeTimers({ doNotFake: [...others, 'setInterval', 'clearInterval', 'clearImmediate'] });
});
afterEach(async () => {
  jest.useRealTimers();
  await daemon.stop();
});

/** How a call ends when a minute goes by after its last request has come in. */
async function afterAMinute(call: Promise<unknown>, requests: number): Promise<unknown> {
  const ended = call.then(
    () => 'an answer',
    (error: unknown) => error,
  );
  while (daemon.requests.length + upgraded < requests) await pause(5);
  jest.advanceTimersByTime(60_000);
  return Promise.race([ended, pause(2000).then(() => 'it still waits')]);
}

const was = { id: 's1', name: 'shop_web', version: 7, spec: spec('app:v1'), running: new Map() };
const now = { ID: 's1', Version: { Index: 9 }, Spec: spec('app:v2') };
const creates = [{ kind: 'secret' as const, name: 'shop_a_1' }];

const calls: [string, number, Record<string, unknown>, (host: string) => Promise<unknown>][] = [
  [
    'services before and after an apply',
    1,
    {},
    (host) => standings({ host, sshOptions: [], namespace: 'shop' }),
  ],
  [
    'tasks before and after an apply',
    2,
    { 'GET /services': [] },
    (host) => standings({ host, sshOptions: [], namespace: 'shop' }),
  ],
  [
    'what a plan would make a second time',
    2,
    {},
    (host) =>
      clearTheWay({ host, sshOptions: [] }, async () => ({ creates, forgotten: [] }), { say: () => {} }),
  ],
  [
    'what is in the Swarm already',
    2,
    {},
    (host) => readExisting({ host, sshOptions: [], namespace: 'shop' }),
  ],
];

test.each(calls)('%s: a daemon that stands still is unreachable', async (_, requests, known, call) => {
  answers = known;
  const error = await afterAMinute(call(daemon.host), requests);
  expect(error).toBeInstanceOf(ConnectionError);
  expect(error).toMatchObject({
    problem: 'unreachable',
    message: expect.stringMatching(
      /^the Docker daemon at unix:\S+ does not answer \(for 60 s\)\nlog in with `ssh`/,
    ),
  });
});

const docked: [string, number, Record<string, unknown>, (docker: DockerClient) => Promise<unknown>][] = [
  [
    'removing a leftover',
    1,
    {},
    (docker) => removeUnused(docker, [{ ...creates[0]!, id: 'x', users: [] }], () => {}),
  ],
  ['looking for a service', 1, {}, (docker) => findContainer(docker, 'db', { until: Date.now() })],
  [
    'looking for its task',
    2,
    { 'GET /services': [{ Spec: { Name: 'db' } }] },
    (docker) => findContainer(docker, 'db', { until: Date.now() }),
  ],
  ['making a command', 1, {}, (docker) => docker.exec({ containerId: 'c1', command: ['true'] })],
  [
    'starting a command',
    2,
    { 'POST /containers/c1/exec': { Id: 'e1' } },
    (docker) => docker.exec({ containerId: 'c1', command: ['true'] }),
  ],
];

test.each(docked)('%s ends after a minute without an answer', async (_, requests, known, call) => {
  answers = known;
  const docker = new DockerClient({ host: daemon.host });
  const error = await afterAMinute(call(docker), requests);
  docker.close();
  expect(error).toMatchObject({ problem: 'unreachable', message: expect.stringMatching(/\(for 60 s\)/) });
});

const back: [string, number, Record<string, unknown>, number][] = [
  ['looking at a service that is to be put back', 1, {}, 20],
  ['putting a service back', 2, { 'GET /services/s1': now }, 60],
];

test.each(back)(
  '%s ends when it has its time, a change later than a question',
  async (_, requests, known, s) => {
    answers = known;
    const swarm = new SwarmClient({ host: daemon.host });
    const error = await afterAMinute(restore(swarm, was), requests);
    swarm.close();
    expect(error).toMatchObject({
      problem: 'unreachable',
      message: expect.stringContaining(`(for ${s} s)`),
    });
  },
);

test('what comes in time is passed on, and nothing keeps the process', async () => {
  const docker = new DockerClient({ host: daemon.host });
  answers = { 'GET /services': [1] };
  expect(await docker.services()).toEqual([1]);
  expect(jest.getTimerCount()).toBe(0);
  docker.close();
});
