import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { Interruptions } from '../../../../operations/probe/interruption';
import { Probe } from '../../../../operations/probe/probe';
import { type Endpoint, get } from '../../../../operations/probe/request';
import {
  breaches,
  inWords,
  percentile,
  reportOf,
  type Sample,
} from '../../../../operations/probe/statistics';
import { makePair } from '../../../support/programs/certificates';

const { certificate, privateKey } = makePair({ names: 'DNS:exam.test' });
let server: Server;
let door: Endpoint;
const seen: { path: string; name: unknown }[] = [];

beforeAll(async () => {
  server = createServer({ cert: certificate, key: privateKey }, (request, response) => {
    seen.push({
      path: request.url ?? '',
      name: (request.socket as TLSSocket & { servername?: unknown }).servername,
    });
    if (request.url === '/cut') {
      response.writeHead(200, { 'content-length': '10' }).write('half', () => request.socket.destroy());
    } else response.writeHead(Number(request.url?.slice(1)) || 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  door = { host: '127.0.0.1', port, serverName: 'exam.test', selfSigned: true };
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test.each([
  ['/users', undefined],
  ['/404', undefined],
  ['/429', undefined],
  ['/500', 'HTTP 500'],
  ['/503', 'HTTP 503'],
  ['/cut', expect.stringMatching(/aborted|cut short/)],
])('%s is %s', async (path, failure) => {
  expect((await get(door, path, false)).failure).toEqual(failure);
});

test('asks for the server’s name, and trusts a self-signed pair only where it is told to', async () => {
  await get(door, '/name', false);
  expect(seen.at(-1)).toEqual({ path: '/name', name: 'exam.test' });
  expect((await get({ ...door, selfSigned: false }, '/', false)).failure).toMatch(/SELF_SIGNED/);
});

test('a closed door is a failure, not an error', async () => {
  expect((await get({ ...door, port: 1 }, '/', false)).failure).toBe('ECONNREFUSED');
});

test('requests the paths in turn, tells of a breach once, and counts all', async () => {
  const told: string[][] = [];
  const probe = new Probe(door, { paths: ['/a', '/500'] }, (words) => told.push(words));
  expect((await probe.baseline()).map(({ path }) => path)).toEqual(['/500']);
  seen.length = 0;
  probe.start();
  while (seen.length < 4) await new Promise((resolve) => setTimeout(resolve, 20));
  const report = await probe.stop();
  expect(seen.slice(0, 4).map(({ path }) => path)).toEqual(['/a', '/500', '/a', '/500']);
  expect(report).toMatchObject({ requests: seen.length, failures: Math.floor(seen.length / 2) });
  expect(told).toEqual([[expect.stringMatching(/HTTP 500/)]]);
});

describe('an acknowledged interruption', () => {
  const interruption = { service: 'edge', begins: ['edge'], seconds: 60 };
  async function probed(settings: object, acknowledged: readonly (typeof interruption)[]) {
    const told: string[][] = [];
    const interruptions = new Interruptions(acknowledged);
    const all = { paths: ['/a', '/500'], ...settings };
    const probe = new Probe(door, all, (words) => told.push(words), interruptions);
    interruptions.begin('edge', performance.now());
    seen.length = 0;
    probe.start();
    while (seen.length < 4) await new Promise((resolve) => setTimeout(resolve, 20));
    return { report: await probe.stop(), told };
  }

  test('is in no number but its own, stops nothing, and is told', async () => {
    const { report, told } = await probed({}, [interruption]);
    const half = Math.floor(seen.length / 2);
    expect(report).toMatchObject({ requests: seen.length - half, failures: 0, covered: half });
    expect(told).toEqual([]);
    expect(inWords(report)).toMatch(/; \d more within the acknowledged interruption$/);
    expect((await probed({}, [])).told).toHaveLength(1);
  });

  test('covers late answers as well', async () => {
    const settings = { paths: ['/a'], maxP99Milliseconds: 0 };
    expect(breaches((await probed(settings, [interruption])).report, settings)).toEqual([]);
    expect(breaches((await probed(settings, [])).report, settings)).toHaveLength(1);
  });
});

const samples = (good: number, bad: number): Sample[] => [
  ...Array.from({ length: good }, (_, i) => ({ path: '/', milliseconds: i + 1 })),
  ...Array.from({ length: bad }, () => ({ path: '/', milliseconds: 5000, failure: 'HTTP 502' })),
];

test('p50 and p99 are values that were measured, of answers alone', () => {
  expect(reportOf(samples(200, 3))).toMatchObject({ requests: 203, failures: 3, p50: 100, p99: 198 });
  expect(percentile([], 0.99)).toBe(0);
  expect(percentile([7], 0.5)).toBe(7);
});

test('the limits are inclusive, and none failed is the default', () => {
  expect(breaches(reportOf(samples(99, 1)), { paths: [] })).toHaveLength(1);
  expect(breaches(reportOf(samples(100, 0)), { paths: [] })).toEqual([]);
  expect(breaches(reportOf(samples(99, 1)), { paths: [], maxErrorRate: 0.01 })).toEqual([]);
  expect(breaches(reportOf(samples(100, 0)), { paths: [], maxP99Milliseconds: 99 })).toEqual([]);
  expect(breaches(reportOf(samples(100, 0)), { paths: [], maxP99Milliseconds: 98 })).toEqual([
    expect.stringMatching(/99 ms/),
  ]);
});

test('under way a single failure of a tolerated rate is no verdict yet', () => {
  const early = reportOf(samples(2, 1));
  expect(breaches(early, { paths: [], maxErrorRate: 0.01 }, true)).toEqual([]);
  expect(breaches(early, { paths: [], maxErrorRate: 0.01 })).toHaveLength(1);
  expect(breaches(early, { paths: [] }, true)).toHaveLength(1);
});
