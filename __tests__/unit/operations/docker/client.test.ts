import { DockerClient, withDocker } from '../../../../operations/docker/client';
import { evidenceOf } from '../../../../operations/docker/evidence';
import { Redactor } from '../../../../operations/redact/redactor';
import { task } from '../rollout/swarm-says';
import { type FakeDaemon, fakeDaemon } from './fake-daemon';

/** One line of a task's log as the daemon sends it: 1 for standard output, 2 for standard error, 3 for its own. */
function frame(stream: 1 | 2 | 3, text: string): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(stream, 0);
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

let daemon: FakeDaemon;
let docker: DockerClient;
/** What the daemon saw, as it saw it. */
let urls: string[];
let answers: Record<string, { readonly status?: number; readonly body: string | Buffer }>;

beforeEach(async () => {
  [urls, answers] = [[], {}];
  daemon = await fakeDaemon((request, _body, response) => {
    urls.push(request.url ?? '');
    const { status = 200, body } = answers[(request.url ?? '').split('?')[0]!] ?? { body: '[]' };
    response.writeHead(status).end(body);
  });
  docker = new DockerClient({ host: daemon.host, answerSeconds: 5 });
});

afterEach(async () => {
  docker.close();
  await daemon.stop();
});

const queryOf = (url: string | undefined) =>
  Object.fromEntries(new URL(url ?? '', 'http://docker').searchParams);
const says = (status: number, message: string) => ({ status, body: JSON.stringify({ message }) });

describe('a query reaches the daemon whole', () => {
  test('the number of log lines', async () => {
    answers['/tasks/t1/logs'] = { body: Buffer.concat([frame(2, 'first\n'), frame(1, 'second\n')]) };
    expect(await docker.taskLog('t1', 20)).toBe('first\nsecond\n');
    expect(queryOf(urls[0])).toEqual({ stdout: 'true', stderr: 'true', tail: '20' });
  });

  test('of a long log its end, where no more is wanted', async () => {
    const lines = Array.from({ length: 100 }, (_, at) => frame(1, `${'x'.repeat(10_000)}${at}\n`));
    answers['/tasks/t1/logs'] = { body: Buffer.concat(lines) };
    expect(await docker.taskLog('t1', 200, { lastBytes: 8 })).toBe('xxxxx99\n');
    const all = await docker.taskLog('t1', 200);
    expect(await docker.taskLog('t1', 200, { lastBytes: 50_000 })).toBe(all.slice(-50_000));
  });

  test('filters, with and without', async () => {
    await docker.tasks({ service: ['s1'], '_up-to-date': ['true'] });
    expect(queryOf(urls.at(-1))).toEqual({ filters: '{"service":["s1"],"_up-to-date":["true"]}' });
    await docker.services({ label: ['a=b'] });
    expect(queryOf(urls.at(-1))).toEqual({ filters: '{"label":["a=b"]}' });
    await docker.containers();
    await docker.clock();
    expect(urls.slice(-2)).toEqual(['/containers/json', '/_ping']);
  });

  test('twenty lines of evidence are asked for', async () => {
    answers['/tasks/t1/logs'] = { body: frame(1, 'the password is geheim\nbye /ws?token=it') };
    answers['/nodes/node1'] = { body: '{"Description":{"Hostname":"vps"}}' };
    answers['/containers/c1/json'] = { body: '{"State":{"OOMKilled":true}}' };
    const seen = await evidenceOf(docker, task({ id: 't1' }), new Redactor({ password: 'geheim' }));
    expect(seen).toMatchObject({
      node: 'vps',
      outOfMemory: true,
      log: [expect.not.stringContaining('geheim'), 'bye /ws?…'],
    });
    const asked = urls.find((url) => url.startsWith('/tasks/t1/logs'));
    expect(queryOf(asked).tail).toBe('20');
  });
});

describe('a log that is passed on', () => {
  const [first, second] = ['2026-11-29T01:02:03.000000001Z', '2026-11-29T01:02:03.000000002Z'];
  const { signal } = new AbortController();
  const told: string[] = [];
  const take = (stream: string) => (text: Buffer, at: string) => {
    told.push(`${stream} ${at} ${text}`);
  };
  const sink = { stdout: take('stdout'), stderr: take('stderr') };
  beforeEach(() => {
    told.length = 0;
  });

  test('comes message by message, with times, from then on that is asked for', async () => {
    answers['/tasks/t1/logs'] = {
      body: Buffer.concat([frame(1, `${first} a \n`), frame(2, `${second} b`)]),
    };
    await docker.streamLog('t1', sink, { follow: false, since: 5, signal });
    expect(told).toEqual([`stdout ${first} a \n`, `stderr ${second} b`]);
    const asked = { stdout: 'true', stderr: 'true', timestamps: 'true', tail: 'all' };
    expect(queryOf(urls[0])).toEqual({ ...asked, since: '5' });
    await docker.streamLog('t1', sink, { follow: true, signal });
    expect(queryOf(urls[1])).toEqual({ ...asked, follow: 'true' });
  });

  test('has nothing of Docker’s own words, which are an error', async () => {
    const words = 'Error grabbing logs: warning: incomplete log stream. node n1 is not available\n';
    answers['/tasks/t1/logs'] = { body: Buffer.concat([frame(1, `${first} a\n`), frame(3, words)]) };
    const log = docker.streamLog('t1', sink, { follow: false, signal });
    await expect(log).rejects.toMatchObject({ statusCode: 500, message: words.trim() });
    expect(told).toEqual([`stdout ${first} a\n`]);
  });

  test('and breaks off has not come to its end', async () => {
    const torn = await fakeDaemon((_request, _body, response) => {
      response.write(frame(1, `${first} a\n`), () => response.destroy());
    });
    const other = new DockerClient({ host: torn.host });
    const log = other.streamLog('t1', sink, { follow: false, signal });
    await expect(log).rejects.toMatchObject({ problem: 'unreachable' });
    other.close();
    await torn.stop();
  });
});

describe('an error', () => {
  test('about the request carries Docker’s status', async () => {
    answers['/services/x'] = says(404, 'service x not found');
    await expect(docker.service('x')).rejects.toMatchObject({ statusCode: 404 });
    answers['/services/x/update'] = says(500, 'rpc error: code = Unknown desc = update out of sequence');
    const spec = { TaskTemplate: {} };
    await expect(docker.updateService('x', 1, spec)).rejects.toMatchObject({
      statusCode: 500,
      message: expect.stringContaining('out of sequence'),
    });
  });

  test('paints nothing, and is no command of a CI, whatever Docker repeats in it', async () => {
    answers['/services/s1'] = says(400, 'no\u001b[31m\n::stop-commands::x ##[error]y');
    const error = await docker.service('s1').catch((caught: Error) => caught);
    expect(error).toMatchObject({
      statusCode: 400,
      message: expect.stringMatching(/no\n: :stop-commands::x ## \[error\]y/),
    });
  });

  test('about the way there is a ConnectionError, with the name that the caller chose', async () => {
    answers['/nodes'] = says(503, 'This node is not a swarm manager.');
    await expect(docker.nodes()).rejects.toMatchObject({ name: 'ConnectionError', problem: 'notManager' });
    await daemon.down();
    const ping = withDocker({ host: daemon.host, name: 'the server' }, (other) => other.ping());
    await expect(ping).rejects.toMatchObject({
      problem: 'daemonDown',
      message: expect.stringMatching(/^the Docker daemon at the server does not run\n/),
    });
  });

  test('of a registry is the registry’s, whatever it sounds like', async () => {
    for (const message of [
      'Get "https://ghcr.io/v2/": context deadline exceeded',
      'Get "https://ghcr.io/v2/": dial tcp 192.0.2.1:443: connect: ECONNREFUSED',
    ]) {
      answers['/distribution/ghcr.io/o/app:v1/json'] = says(500, message);
      await expect(docker.distribution('ghcr.io/o/app:v1')).rejects.toMatchObject({
        statusCode: 500,
        json: { message },
      });
    }
    await daemon.down();
    docker.reconnect();
    await expect(docker.distribution('nginx:1')).rejects.toMatchObject({ problem: 'daemonDown' });
  });

  test('is given when the daemon is silent, and a log that is given up leaves the connection to others', async () => {
    const silent = await fakeDaemon((request, _body, response) => {
      if (request.url?.startsWith('/tasks/')) response.write(frame(1, 'half'));
      else response.end('[]');
    });
    // Long enough for an answer on a busy machine; the logs are given up at the same time.
    const hasty = new DockerClient({ host: silent.host, answerSeconds: 2 });
    const logs = ['a', 'b', 'c'].map((id) =>
      expect(hasty.taskLog(id, 1)).rejects.toMatchObject({ problem: 'unreachable' }),
    );
    await Promise.all(logs);
    expect(await hasty.services()).toEqual([]);
    hasty.close();
    await silent.stop();
  });
});

test('a client that is closed opens no connection for requests that still wait for one', async () => {
  const silent = await fakeDaemon(() => {});
  const opened = new DockerClient({ host: silent.host });
  const calls = [opened.secrets(), opened.configs(), opened.services(), opened.networks()];
  const ended = Promise.allSettled(calls);
  while (silent.requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  opened.close();
  expect((await ended).map(({ status }) => status)).toEqual(Array(calls.length).fill('rejected'));
  expect(silent.connections()).toBe(2);
  await silent.stop();
});

test('a client that was opened for some work is closed, whatever comes of it', async () => {
  const failed = withDocker({ host: daemon.host }, async (opened) => {
    await opened.services();
    throw new Error('no');
  });
  await expect(failed).rejects.toThrow('no');
  expect(daemon.connections()).toBe(1);
  await daemon.down();
});
