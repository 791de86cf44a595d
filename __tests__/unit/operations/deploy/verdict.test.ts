import type { KeptReport } from '../../../../contract/gate-report';
import type { Outcome } from '../../../../contract/outcome';
import {
  changedSinceVerdict,
  exitCodeOf,
  runsNow,
  verdictLines,
  verdictRows,
} from '../../../../operations/deploy/verdict';
import { hashOf } from '../../../../operations/docker/standing';
import { declared } from './stack';

const report = (service: string, outcome: Outcome): KeptReport => ({
  service,
  outcome,
  exitCode: 0,
  reason: 'because',
  seconds: 12.34,
  running: 2,
  wanted: 2,
  replaced: 2,
  tasks: [],
  report: `${service} said`,
});
const change = (service: string, action: 'update' | 'destroy' = 'update') => ({
  service,
  action,
  what: 'v1 → v2',
  downtime: false,
});
const services = ['web', 'api', 'door'].map((id) => declared(id));
const rows = (more: Partial<Parameters<typeof verdictRows>[0]>) =>
  verdictRows({
    changes: [],
    services,
    reports: [],
    putBacks: [],
    applied: true,
    touched: new Set(),
    ...more,
  });

test('each service that was to change has its gate’s word, or none', () => {
  const found = rows({
    applied: false,
    changes: [change('web'), change('api'), change('door')],
    reports: [report('shop_web', 'converged'), report('shop_api', 'rolledBack')],
    putBacks: [{ service: 'shop_web', done: true, seconds: 3, text: '' }],
  });
  expect(found.map(({ service, outcome, putBack }) => [service, outcome, putBack])).toEqual([
    ['web', 'converged', 'done'],
    ['api', 'rolledBack', undefined],
    ['door', 'notReached', undefined],
  ]);
  expect(verdictLines(found)).toEqual([
    'service  change           outcome              seconds',
    'web      update: v1 → v2  converged, PUT BACK  12.3 s',
    'api      update: v1 → v2  ROLLED BACK          12.3 s',
    'door     update: v1 → v2  not reached',
  ]);
});

test('no report after a good apply is never called success', () => {
  expect(rows({ changes: [change('web')] })[0]?.outcome).toBe('unknown');
  const halfWay = { changes: [change('web')], applied: false, touched: new Set(['shop_web']) };
  expect(rows(halfWay)[0]?.outcome).toBe('unknown');
  expect(rows({ changes: [change('old', 'destroy')] })[0]?.outcome).toBe('removed');
});

test('a gate that ran again without a change is shown too', () => {
  expect(rows({ reports: [report('shop_web', 'timedOut')] })).toMatchObject([
    { service: 'web', change: 'checked again', outcome: 'timedOut' },
  ]);
});

const facts = {
  applied: false,
  reports: [] as KeptReport[],
  unreachable: false,
  probeFailed: false,
  changed: false,
  unwell: false,
};

test.each<[Outcome, number]>([
  ['rolledBack', 2],
  ['timedOut', 3],
  ['paused', 4],
  ['superseded', 5],
  ['unreachable', 6],
])('a gate that says %s makes the exit code %i', (outcome, code) => {
  expect(exitCodeOf({ ...facts, reports: [report('a', 'converged'), report('b', outcome)] })).toBe(code);
});

test('the exit code is 1 or 6 without a gate’s verdict, and 0 only when all is well', () => {
  expect(exitCodeOf(facts)).toBe(1);
  expect(exitCodeOf({ ...facts, unreachable: true })).toBe(6);
  expect(exitCodeOf({ ...facts, applied: true, probeFailed: true })).toBe(1);
  expect(exitCodeOf({ ...facts, applied: true, reports: [report('a', 'converged')] })).toBe(0);
});

test('a verdict that does not hold any more at the end is none, nor is one that could not be looked at', () => {
  const passed = { ...facts, applied: true, reports: [report('a', 'converged')] };
  expect(exitCodeOf({ ...passed, changed: true })).toBe(5);
  expect(exitCodeOf({ ...passed, unwell: true })).toBe(7);
  expect(exitCodeOf({ ...passed, unreachable: true })).toBe(6);
});

test('a service that is not what its gate has judged is named', () => {
  const spec = (image: string) => ({ TaskTemplate: { ContainerSpec: { Image: image } } });
  const judged = { ...report('shop_web', 'converged'), specification: hashOf(spec('v2')) };
  const now = (image: string) =>
    new Map([['shop_web', { id: 's', name: 'shop_web', version: 1, spec: spec(image), running: new Map() }]]);
  expect(changedSinceVerdict([judged], services, now('v2'))).toEqual([]);
  expect(changedSinceVerdict([judged], services, now('hotfix'))).toEqual([
    'web: somebody changed it after its gate had passed',
  ]);
  expect(changedSinceVerdict([judged], services, new Map())).toEqual([
    'web: somebody removed it after its gate had passed',
  ]);
  expect(changedSinceVerdict([{ ...judged, outcome: 'timedOut' }], services, now('hotfix'))).toEqual([]);
});

test('what runs is counted from tasks', () => {
  const running = new Map([
    ['r.test/web:v1', 1],
    ['r.test/web:v2', 2],
  ]);
  expect(runsNow({ id: '', name: '', version: 1, spec: { TaskTemplate: {} }, running })).toBe(
    '1 × web:v1 and 2 × web:v2',
  );
  expect(runsNow(undefined)).toBe('nothing');
});
