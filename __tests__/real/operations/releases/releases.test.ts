import { run as auditAll } from '../../../../cli/run/audit';
import { run as diff } from '../../../../cli/run/releases-diff';
import { run as list } from '../../../../cli/run/releases-list';
import { run as show } from '../../../../cli/run/releases-show';
import { run as check } from '../../../../cli/run/verify';
import { audit, releasesDiff, releasesList, releasesShow, verify } from '../../../../cli/verbs/releases';
import type { Release } from '../../../../contract/release';
import { pack } from '../../../../operations/records/packed';
import { callOf } from '../../../support/cli/call';
import { type FakeDaemon, fakeDaemon } from '../../../unit/operations/docker/fake-daemon';
import { releaseWith } from '../../../unit/operations/records/releases';

const specOf = (tag: string) => ({
  Name: 'shop_web',
  TaskTemplate: { ContainerSpec: { Image: `web:${tag}` } },
  Mode: { Replicated: { Replicas: 1 } },
});
const stackOf = (tag: string) => ({
  terraform: {},
  provider: { docker: [{}] },
  resource: {
    docker_service: {
      web: {
        name: 'shop_web',
        mode: { replicated: { replicas: 1 } },
        update_config: { order: 'start-first' },
        task_spec: { container_spec: { image: `web:${tag}`, healthcheck: { test: ['CMD', 'true'] } } },
      },
    },
  },
});
const release = (number: number, tag: string, part: Partial<Release> = {}) =>
  releaseWith({
    number,
    services: [
      { service: 'web', change: `update: web:v0 → web:${tag}`, outcome: 'converged', seconds: 31.5 },
    ],
    packed: pack({ stack: stackOf(tag), specs: { shop_web: specOf(tag) } }),
    ...part,
  });

let daemon: FakeDaemon;
let records: Release[];
let runs: string;
/** An update paused before the first of them. */
let tasksAreOld: boolean;
let said: { out: string; err: string };

beforeEach(async () => {
  records = [release(1, 'v1'), release(2, 'v2', { who: 'ben@desk', clean: false })];
  runs = 'v2';
  tasksAreOld = false;
  said = { out: '', err: '' };
  daemon = await fakeDaemon((request, _body, response) => {
    const path = (request.url ?? '').split('?')[0]!;
    const Spec = specOf(runs);
    const task = {
      ID: 't1',
      Slot: 1,
      ServiceID: 's1',
      DesiredState: 'running',
      Spec: Spec.TaskTemplate,
      Status: { State: 'running' },
    };
    const isOld = tasksAreOld && decodeURIComponent(request.url ?? '').includes('_up-to-date');
    const isLock = request.url?.includes('proctor.lock');
    const answers: Record<string, unknown> = {
      '/configs': (isLock ? [] : records).map((record) => ({
        ID: `c${record.number}`,
        Spec: { Data: Buffer.from(JSON.stringify(record)).toString('base64') },
      })),
      '/services': [{ ID: 's1', Version: { Index: 1 }, Spec }],
      '/tasks': isOld ? [] : [task],
      '/info': {},
    };
    response.end(JSON.stringify(answers[path]));
  });
  for (const [name, stream] of [
    ['out', process.stdout],
    ['err', process.stderr],
  ] as const) {
    jest.spyOn(stream, 'write').mockImplementation((chunk: unknown) => {
      said[name] += String(chunk);
      return true;
    });
  }
});
afterEach(async () => {
  jest.restoreAllMocks();
  await daemon.stop();
});

const args = (...more: string[]) => ['--host', daemon.host, '--stack', 'shop', ...more];

test('the list has the newest first, and asks for the records alone', async () => {
  expect(await list(callOf(releasesList, args()))).toBe(0);
  expect(said.out.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
    ['release', 'when (UTC)', 'who', 'commit', 'outcome', 'what'],
    ['2', '2026-01-02 03:04', 'ben@desk', '012345678 and changes', 'converged', 'web'],
    ['1', '2026-01-02 03:04', 'anna@laptop', '012345678', 'converged', 'web'],
    [''],
  ]);
  expect(daemon.requests).toEqual(['GET /configs?filters={"label":["proctor.release=shop"]}']);
});

test('as JSON it is all but the stacks', async () => {
  await list(callOf(releasesList, args('--json')));
  const { releases } = JSON.parse(said.out);
  expect(releases).toMatchObject([{ number: 2 }, { number: 1, services: [{ service: 'web' }] }]);
  expect(releases[0]).not.toHaveProperty('packed');
});

test('one is shown with its verdicts', async () => {
  expect(await show(callOf(releasesShow, args('1')))).toBe(0);
  expect(said.out).toMatch(/^release 1 of swarm: converged\n.*UTC, 1 min 1 s, by anna@laptop\n/);
  expect(said.out).toMatch(/web +update: web:v0 → web:v1 +converged +31\.5 s/);
});

test('two are compared in the words of a plan', async () => {
  expect(await diff(callOf(releasesDiff, args('1', '2')))).toBe(0);
  expect(said.out).toMatch(/^update +web +image web:v1 → web:v2 · rolling, start-first · about \d+/);
});

test('verify is 0 where exactly the newest runs, and 1 with what differs', async () => {
  expect(await check(callOf(verify, args()))).toBe(0);
  expect(said.out).toBe(`the server at ${daemon.host} runs exactly release 2\n`);
  expect(await check(callOf(verify, args('1', '--json')))).toBe(1);
  expect(JSON.parse(said.out.split('\n')[1]!)).toEqual({
    server: daemon.host,
    release: 1,
    outcome: 'converged',
    exactly: false,
    differences: ['shop_web: image web:v2 instead of web:v1'],
  });
});

test('verify is 1 for what a release that did not converge left, and says how it ended', async () => {
  records.push(release(3, 'v2', { outcome: 'rolledBack', exitCode: 2 }));
  expect(await check(callOf(verify, args('3')))).toBe(1);
  expect(said.out).toBe(
    `release 3 ended with rolledBack: what it declares may never have run as a whole (./proctor releases show 3)\nthe server at ${daemon.host} runs exactly what it left\n`,
  );
  await check(callOf(verify, args('3', '--json')));
  expect(JSON.parse(said.out.trimEnd().split('\n').at(-1)!)).toEqual({
    server: daemon.host,
    release: 3,
    outcome: 'rolledBack',
    exactly: false,
    differences: [],
  });
});

test('verify asks Swarm itself which tasks are of the specification', async () => {
  tasksAreOld = true;
  expect(await check(callOf(verify, args()))).toBe(1);
  expect(said.out).toBe(
    `the server at ${daemon.host} does not run exactly release 2:\n  shop_web: 0 of 1 tasks run it\n`,
  );
});

test('audit tells who did what, the oldest first, and what was let through', async () => {
  records.push(release(3, 'v1', { of: 1, acknowledged: [{ name: 'edge', why: 'DOWNTIME' }] }));
  expect(await auditAll(callOf(audit, args()))).toBe(0);
  expect(said.out.split('\n')).toEqual([
    '2026-01-02 03:04  anna@laptop  deployed release 1 from 012345678: converged',
    '2026-01-02 03:04  ben@desk     deployed release 2 from 012345678 and changes: converged',
    '2026-01-02 03:04  anna@laptop  went back to release 1 as release 3 from 012345678: converged, acknowledged edge',
    '',
  ]);
  await auditAll(callOf(audit, args('--json')));
  expect(JSON.parse(said.out.split('\n')[3]!).done[2]).toMatchObject({
    who: 'anna@laptop',
    acknowledged: ['edge'],
  });
});

test('a release that is not there, no number at all, and a server that is down', async () => {
  expect(await show(callOf(releasesShow, args('7')))).toBe(1);
  expect(said.err).toMatch(/there is no release 7\n {2}choose from 1 to 2/);
  expect(() => show(callOf(releasesShow, args('last')))).toThrow(/"last" is not the number of a release/);
  await daemon.down();
  expect(await list(callOf(releasesList, args()))).toBe(6);
});
