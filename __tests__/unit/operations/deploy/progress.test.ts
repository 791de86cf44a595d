import type { GateLine } from '../../../../contract/gate-line';
import { readGateLine } from '../../../../operations/deploy/gates';
import { begunService, lineOf, passedService } from '../../../../operations/deploy/progress';
import { encodeLines } from '../../../../operations/rollout/record';

const output = (addr: string, text: string) => ({
  type: 'provision_progress',
  hook: { resource: { addr }, output: text },
});
const gate = (text: string) => lineOf(output('null_resource.web_rollout', text));

const encoded = (kind: GateLine['gate'], text: string) => encodeLines(kind, text).trimEnd();

test('a gate’s progress replaces the line before, its report stays', () => {
  const live = '[4/9] shop_web 1/2 → 2/2 healthy, observing (7.4 s)';
  expect(gate(encoded('progress', live))).toEqual({
    kind: 'live',
    key: 'web',
    text: live,
    standing: 'well',
  });
  const verdict = '[4/9] shop_web converged in 41.0 s: v1 → v2, 2 tasks replaced';
  expect(gate(encoded('report', verdict))).toEqual({ kind: 'lasting', key: 'web', text: verdict });
  expect(gate(encoded('report', '  runs now: 2 × app:v1'))).toEqual({
    kind: 'lasting',
    key: 'web',
    text: '  runs now: 2 × app:v1',
  });
});

test('a line says its kind itself: what only looks like progress stays', () => {
  const log = '[4/9] shop_web 1/2 healthy';
  expect(gate(encoded('report', log))).toEqual({ kind: 'lasting', key: 'web', text: log });
});

test('a report of several lines is one line each', () => {
  expect(encodeLines('report', 'a\n  b\n').split('\n').map(readGateLine)).toEqual([
    { gate: 'report', text: 'a' },
    { gate: 'report', text: '  b' },
    undefined,
  ]);
});

test('what a gate says in no form of its own, and any other JSON, stays under its name', () => {
  expect(gate('the rollout gate itself failed')).toMatchObject({
    text: 'web: the rollout gate itself failed',
  });
  expect(gate('{"gate":"other"}')).toMatchObject({ kind: 'lasting', text: 'web: {"gate":"other"}' });
});

test('what Terraform says of itself is left out', () => {
  expect(gate('Executing: ["/bin/sh" "-c" "node x"]')).toBeUndefined();
  expect(
    lineOf({ type: 'apply_progress', hook: { resource: { addr: 'docker_service.web' } } }),
  ).toBeUndefined();
  expect(
    lineOf({ type: 'apply_start', hook: { resource: { addr: 'docker_config.x' }, action: 'create' } }),
  ).toBeUndefined();
});

test('other steps are named before their lines', () => {
  expect(lineOf(output('null_resource.mariadb_prepare', 'user shop: created'))).toMatchObject({
    text: 'mariadb_prepare: user shop: created',
  });
});

test('a service that Terraform begins to change is known by its id; what is only watched is not', () => {
  const start = (addr: string, type = 'apply_start') =>
    begunService({ type, hook: { resource: { addr } } } as never);
  expect(start('docker_service.web')).toBe('web');
  expect(start('docker_service.web', 'apply_complete')).toBeUndefined();
  expect(start('null_resource.web_rollout')).toBeUndefined();
  expect(start('docker_secret.key["a"]')).toBeUndefined();
});

test('a gate that has passed is told from one that is removed, from other steps, and from services', () => {
  const message = (type: string, addr: string, action = 'create') => ({
    type,
    hook: { resource: { addr }, action },
  });
  expect(passedService(message('apply_complete', 'null_resource.my-web_rollout'))).toBe('my-web');
  expect(
    [
      message('apply_complete', 'null_resource.web_rollout', 'delete'),
      message('apply_errored', 'null_resource.web_rollout'),
      message('apply_complete', 'null_resource.mariadb_prepare'),
      message('apply_complete', 'docker_service.web'),
    ].map(passedService),
  ).toEqual([undefined, undefined, undefined, undefined]);
});
