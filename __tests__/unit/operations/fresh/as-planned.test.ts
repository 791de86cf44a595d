import { isAsPlanned } from '../../../../operations/fresh/as-planned';
import type { ResourceChange } from '../../../../operations/terraform/document';
import type { Json } from './sights';

const WEB = {
  id: 's1',
  name: 'shop_web',
  labels: [{ label: 'a', value: 'b' }],
  task_spec: [{ container_spec: [{ image: 'web:2', env: { A: '1' } }], force_update: 0 }],
  auth: null,
};

const resource = (type: string, name: string, attributes: Json, more: Json = {}): Json => ({
  mode: 'managed',
  type,
  name,
  instances: [{ attributes, ...more }],
});

const planned = (
  type: string,
  name: string,
  after: Json,
  after_unknown: Json = {},
  actions = ['update'],
): ResourceChange => ({ mode: 'managed', type, name, change: { actions, after, after_unknown } });

const NETWORK = { id: 'n1', name: 'shop' };

function isAs(change: { state?: (state: Json) => void; plan?: (changes: Json[]) => void } = {}): boolean {
  const state = {
    resources: [
      resource('docker_service', 'web', structuredClone(WEB)),
      resource('docker_network', 'shop', structuredClone(NETWORK)),
      resource('docker_secret', 'key', { id: 'k2', name: 'key_2', data: 'Z2VoZWlt' }, { index_key: '2' }),
      resource('null_resource', 'gate', { id: '7', triggers: { of: 's1' } }),
    ],
  };
  const secret = planned('docker_secret', 'key', { name: 'key_2', data: 'Z2VoZWlt' }, { id: true }, [
    'create',
  ]);
  const changes: Json[] = [
    planned('docker_service', 'web', structuredClone(WEB)),
    planned('docker_network', 'shop', structuredClone(NETWORK), {}, ['no-op']),
    { ...secret, index: '2' },
    { ...planned('docker_secret', 'key', null, {}, ['delete']), index: '1' },
    planned('null_resource', 'gate', {}, { id: true, triggers: true }, ['create', 'delete']),
  ];
  change.state?.(state.resources);
  change.plan?.(changes);
  return isAsPlanned({ resource_changes: changes }, JSON.stringify(state));
}

test('a state that holds what was planned, and something wherever the plan could not say what, is as planned', () => {
  expect(isAs()).toBe(true);
});

test('what a plan leaves out is nothing in the state', () => {
  expect(isAs({ plan: ([web]) => delete web.change.after.auth })).toBe(true);
  expect(isAs({ state: ([web]) => delete web.instances[0].attributes.auth })).toBe(true);
});

const attributes = (state: Json[], index = 0): Json => state[index].instances[0].attributes;

test.each<[string, (state: Json[]) => void]>([
  ['another image', (s) => Object.assign(attributes(s).task_spec[0].container_spec[0], { image: 'web:1' })],
  ['another secret', (s) => Object.assign(attributes(s, 2), { data: 'b3RoZXI=' })],
  ['one label more', (s) => attributes(s).labels.push({ label: 'c', value: 'd' })],
  ['no label', (s) => Object.assign(attributes(s), { labels: [] })],
  ['an attribute more', (s) => Object.assign(attributes(s), { hostname: 'x' })],
  ['a variable more', (s) => Object.assign(attributes(s).task_spec[0].container_spec[0].env, { B: '2' })],
  ['a text for a number', (s) => Object.assign(attributes(s).task_spec[0], { force_update: '0' })],
  ['nothing for a block', (s) => Object.assign(attributes(s), { task_spec: null })],
  [
    'an object for a list',
    (s) => Object.assign(attributes(s), { labels: { 0: { label: 'a', value: 'b' } } }),
  ],
  ['a service that is not there', (s) => s.shift()],
  ['one that was not planned', (s) => s.push(resource('docker_service', 'other', WEB))],
  ['one that was to go', (s) => s.push(resource('docker_secret', 'key', {}, { index_key: '1' }))],
  ['one under another key', (s) => Object.assign(s[2].instances[0], { index_key: '3' })],
  ['one that is tainted', (s) => Object.assign(s[0].instances[0], { status: 'tainted' })],
  ['an older one', (s) => s[0].instances.push({ attributes: WEB, deposed: 'ab' })],
  ['a module', (s) => Object.assign(s[0], { module: 'module.x' })],
  ['data', (s) => Object.assign(s[0], { mode: 'data' })],
])('%s is not as planned', (_, state) => {
  expect(isAs({ state })).toBe(false);
});

test.each<[string, (changes: Json[]) => void]>([
  ['a plan that does not say all', (c) => c.pop()],
  ['a plan that reads data', (c) => Object.assign(c[0], { mode: 'data' })],
])('nor is it with %s', (_, plan) => {
  expect(isAs({ plan })).toBe(false);
});

test('of an empty state, all that was to go is gone', () => {
  const gone = planned('docker_network', 'shop', null, {}, ['delete']);
  const forgotten = planned('docker_network', 'old', null, {}, ['forget']);
  expect(isAsPlanned({ resource_changes: [gone, forgotten] }, '')).toBe(true);
  expect(isAsPlanned({ resource_changes: [planned('docker_network', 'shop', NETWORK)] }, '')).toBe(false);
});
