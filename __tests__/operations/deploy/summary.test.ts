import { summarize, summaryLines } from '../../../operations/deploy/summary';

const container = (more: object) => [
  { image: 'registry.test/app:v1@sha256:aa', args: ['--x'], secrets: [], ...more },
];
const service = (more: object = {}, replicas = 2) => ({
  mode: [{ replicated: [{ replicas }] }],
  task_spec: [{ container_spec: container(more) }],
});
const change = (actions: string[], before: unknown, after: unknown, more: object = {}) => ({
  ...{ type: 'docker_service', name: 'app', mode: 'managed' },
  change: { actions, before, after, after_unknown: {}, ...more },
});
const what = (...changes: object[]) => summarize({ resource_changes: changes }).services;

test('says from which image to which, and how many replicas', () => {
  const next = service({ image: 'registry.test/app:v2@sha256:bb' }, 3);
  expect(what(change(['update'], service(), next))).toEqual([
    { service: 'app', action: 'update', what: 'app:v1 → app:v2, 2 → 3 replicas', downtime: false },
  ]);
});

test('a tag that moved is another digest', () => {
  const next = service({ image: 'registry.test/app:v1@sha256:bb' });
  expect(what(change(['update'], service(), next))[0]?.what).toBe('app:v1, another digest');
});

test('names what else changed, also what only the apply will know', () => {
  expect(what(change(['update'], service(), service({ args: ['--y'] })))[0]?.what).toBe('args');
  const unknown = {
    after_unknown: { task_spec: [{ container_spec: [{ secrets: [{ secret_id: true }] }] }] },
  };
  expect(what(change(['update'], service(), service(), unknown))[0]?.what).toBe('secrets');
});

test.each([[['delete', 'create']], [['create', 'delete']]])(
  'calls a replacement (%j) downtime, in words',
  (actions) => {
    const replaced = change(actions, service(), service(), {
      replace_paths: [['networks_advanced', 0, 'name']],
    });
    const summary = summarize({ resource_changes: [replaced] });
    expect(summary.services[0]).toMatchObject({ action: 'replace', downtime: true });
    expect(summaryLines(summary)[0]).toMatch(
      /^REPLACE +app.*networks_advanced\.0\.name.*DOWNTIME: its tasks stop before/,
    );
  },
);

test('a service that is removed stops, one that is made does not', () => {
  expect(what(change(['delete'], service(), null))[0]).toMatchObject({ action: 'destroy', downtime: true });
  expect(what(change(['create'], null, service()))[0]).toMatchObject({
    ...{ action: 'create', downtime: false, what: 'app:v1, 2 tasks' },
  });
});

test('counts the rest by kind, and leaves out what stays', () => {
  const other = (type: string, actions: string[]) => ({
    type,
    name: 'x',
    mode: 'managed',
    change: { actions },
  });
  const summary = summarize({
    resource_changes: [
      other('docker_secret', ['create']),
      other('docker_secret', ['delete']),
      other('docker_secret', ['create']),
      other('docker_config', ['no-op']),
      other('null_resource', ['delete', 'create']),
      { ...other('docker_network', ['read']), mode: 'data' },
    ],
  });
  expect(summary).toEqual({
    ...{ services: [], others: ['docker_secret: 2 created, 1 destroyed'], steps: 1, creates: [] },
  });
});

test('an empty plan is empty', () => {
  expect(summaryLines(summarize({}))).toEqual([]);
});
